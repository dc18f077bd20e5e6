using FsCheck;
using FsCheck.Fluent;
using Vitrine.Oci.Runtime;

namespace Vitrine.Tests.Unit.Runtime;

/// <summary>Configurations from sane to absurd: every word is one that means something, or any string at all.</summary>
internal static class SpecGenerator
{
    public static Arbitrary<Spec> Specs => Spec().ToArbitrary();

    private static Gen<string> Word(params string[] known) => Gen.Frequency(
        (60, Gen.Elements(known)),
        (1, ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")));

    /// <summary>Mostly one of the first, now and then one of the second.</summary>
    private static Gen<string> Usually(Gen<string> usual, params string[] odd) => Gen.Frequency((30, usual), (1, Gen.Elements(odd)));

    private static Gen<string> FilePath => Usually(
        Word("/a", "/a/b/../c", "//x", "/dev", "/dev/net/tun", "/proc/sys", "/é漢/x", "/with space", "/a:b,c\\d"), "/", "rel", "", ".", "..");

    private static Gen<IReadOnlyList<T>?> Many<T>(Gen<T> items) => Gen.OneOf(
        Gen.Constant<IReadOnlyList<T>?>(null),
        items.ListOf(3).Select(list => (IReadOnlyList<T>?)list.ToArray()));

    private static Gen<T?> Maybe<T>(Gen<T> value)
        where T : struct => Gen.OneOf(Gen.Constant<T?>(null), value.Select(v => (T?)v));

    private static Gen<uint> Id => Gen.Elements(0u, 1u, 1000u, uint.MaxValue);

    private static Gen<Spec> Spec() =>
        from process in Process()
        from linux in Linux()
        from mounts in Many(Mount())
        from root in FilePath
        from hostname in Word("box", "", "a.b")
        from readOnly in ArbMap.Default.GeneratorFor<bool>()
        select new Spec
        {
            Root = new Root { Path = root, Readonly = readOnly },
            Process = process,
            Hostname = hostname,
            Mounts = mounts,
            Linux = linux,
        };

    private static Gen<ProcessSpec> Process() =>
        from args in Many(Usually(Word("sh", "/bin/sh", "./x", "-c"), ""))
        from env in Many(Word("PATH=/bin:/usr/bin", "PATH=", "PATH=rel:/x/", "A", "=", "A=é"))
        from cwd in FilePath
        from terminal in ArbMap.Default.GeneratorFor<bool>()
        from noNewPrivileges in ArbMap.Default.GeneratorFor<bool>()
        from uid in Id
        from gid in Id
        from groups in Many(Id)
        from capabilities in Many(Word("CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_NOPE", "chown"))
        from rlimits in Many(Rlimit())
        from oom in Maybe(Gen.Frequency((9, Gen.Choose(-1000, 1000)), (1, Gen.Choose(-2000, 2000))))
        from profile in Word("docker-default", "unconfined", "")
        from scheduler in Gen.OneOf(Gen.Constant<Scheduler?>(null), Word("SCHED_FIFO", "SCHED_DEADLINE", "SCHED_OTHER").Select(policy => (Scheduler?)new Scheduler { Policy = policy, Priority = 1, Flags = ["SCHED_FLAG_RECLAIM"] }))
        from level in Usually(Word("0", "4", "7"), "8", "-1").Select(text => int.TryParse(text, out var number) ? number : 9)
        from label in Word("", "", "a:b:c")
        select new ProcessSpec
        {
            Args = args,
            Env = env,
            Cwd = cwd,
            Terminal = terminal,
            NoNewPrivileges = noNewPrivileges,
            User = new User { Uid = uid, Gid = gid, AdditionalGids = groups },
            Capabilities = new Capabilities { Bounding = capabilities, Permitted = capabilities, Effective = capabilities, Inheritable = capabilities, Ambient = capabilities },
            Rlimits = rlimits,
            OomScoreAdj = oom,
            ApparmorProfile = profile,
            SelinuxLabel = label,
            Scheduler = scheduler,
            IoPriority = level == 0 ? null : new IoPriority { Class = "IOPRIO_CLASS_BE", Priority = level },
        };

    private static Gen<Rlimit> Rlimit() =>
        from type in Word("RLIMIT_NOFILE", "RLIMIT_CPU", "nproc")
        from soft in Gen.Elements(0UL, 1024UL)
        from hard in Gen.Elements(1024UL, 4096UL, ulong.MaxValue, 1UL)
        select new Rlimit { Type = type, Soft = soft, Hard = hard };

    private static Gen<LinuxSpec> Linux() =>
        from namespaces in Gen.SubListOf(Namespace("pid", "ipc", "network", "cgroup", "user", "time"))
        from usual in Gen.Frequency((9, Gen.Constant(Namespace("mount", "uts"))), (1, Gen.Constant(Namespace("uts"))))
        from paths in Gen.Elements("", "/proc/9/ns/x")
        from joined in Word("pid", "user", "network", "ipc")
        from maps in Many(Gen.Constant(new IdMapping { ContainerId = 0, HostId = 100000, Size = 65536 }))
        from devices in Many(Device())
        from masked in Many(FilePath)
        from readOnly in Many(FilePath)
        from sysctl in Many(Usually(Word("net.ipv4.ip_forward", "net/ipv4/conf/eth0.1/x", "kernel.shmmax", "kernel.domainname"), "kernel.panic", "net.../etc", ""))
        from propagation in Word("rslave", "private", "rprivate", "unbindable", "")
        from cgroupsPath in Word("/vitrine/x", "rel")
        from nodes in Usually(Word("", "0", "1-3,9"), "x")
        from clock in Word("monotonic", "boottime")
        select new LinuxSpec
        {
            Namespaces = [.. usual, .. namespaces.Select(item => item.Type == joined && paths.Length > 0 ? item with { Path = paths } : item)],
            UidMappings = maps,
            GidMappings = maps,
            Devices = devices,
            MaskedPaths = masked,
            ReadonlyPaths = readOnly,
            Sysctl = sysctl?.Distinct().ToDictionary(key => key, _ => "1"),
            RootfsPropagation = propagation,
            CgroupsPath = cgroupsPath,
            MemoryPolicy = nodes.Length == 0 ? null : new MemoryPolicy { Mode = "MPOL_BIND", Nodes = nodes },
            TimeOffsets = new Dictionary<string, TimeOffset> { [clock] = new() { Secs = 5 } },
        };

    private static Namespace[] Namespace(params string[] types) => [.. types.Select(type => new Namespace { Type = type })];

    private static Gen<Device> Device() =>
        from type in Usually(Word("c", "b", "p", "u"), "x")
        from path in FilePath
        from major in Gen.Elements(0L, 1L, 4095L, -1L, long.MaxValue)
        from minor in Gen.Elements(0L, 255L, 1048575L, -1L)
        from uid in Maybe(Id)
        select new Device { Type = type, Path = path, Major = major, Minor = minor, Uid = uid };

    private static Gen<Mount> Mount() =>
        from destination in FilePath
        from type in Word("bind", "tmpfs", "proc", "sysfs", "cgroup", "devpts", "mqueue", "ext4")
        from source in FilePath
        from mapped in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from options in Many(Usually(Word("ro",  "rw", "rbind", "bind", "nosuid", "rro", "noatime", "relatime", "strictatime", "rprivate", "shared", "size=1k", "a=b=c", "defaults"), "remount", "=", "", "tmpcopyup", "copy-symlink", "idmap", "ridmap"))
        let maps = mapped ? new[] { new IdMapping { HostId = 7, Size = 9 } } : null
        select new Mount { Destination = destination, Type = type, Source = source, Options = options, UidMappings = maps, GidMappings = maps };
}
