using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Engine.Bundle;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Xunit;
using Mount = Vitrine.Engine.Docker.Mount;

namespace Vitrine.Tests.Unit.Engine.Bundle;

/// <summary>config.json for a dozen of requests, beside this file; VITRINE_UPDATE_GOLDEN=1 writes them anew.</summary>
public sealed class SpecGoldenTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly ContainerConfig Shell = new() { Cmd = ["sh"] };

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["default"] = new(Shell, new HostConfig()),
        ["terminal"] = new(
            Shell with { Tty = true, Env = ["LANG=C.UTF-8", "TERM=vt100"], WorkingDir = "/srv//x/", Hostname = "box", Domainname = "example" },
            new HostConfig { ConsoleSize = [40, 120], Init = true }),
        ["user"] = new(Shell with { User = "www" }, new HostConfig { GroupAdd = ["7"] }, User: new ProcessUser(33, 33, [33, 7], "/var/www")),
        ["user-may-gain"] = new(Shell with { User = "www" }, new HostConfig { SecurityOpt = ["no-new-privileges=false"] }, User: new ProcessUser(33, 33, [33], "/")),
        ["privileged"] = new(Shell, new HostConfig { Privileged = true }, Devices: [new(new() { Type = "c", Path = "/dev/kvm", Major = 10, Minor = 232, FileMode = 432, Gid = 104 }, "rwm")]),
        ["capabilities"] = new(Shell, new HostConfig { CapAdd = ["NET_RAW", "cap_sys_time"], CapDrop = ["CHOWN"], SecurityOpt = ["no-new-privileges"] }),
        ["no-capabilities"] = new(Shell, new HostConfig { CapDrop = ["ALL"] }),
        ["limits"] = new(Shell, new HostConfig
        {
            Memory = 256 << 20,
            MemoryReservation = 128 << 20,
            NanoCpus = 1_500_000_000,
            CpuShares = 512,
            CpusetCpus = "0-1",
            PidsLimit = -1,
            Ulimits = [new() { Name = "nofile", Soft = 1024, Hard = 4096 }, new() { Name = "core", Soft = -1, Hard = -1 }],
            OomScoreAdj = 500,
            BlkioWeight = 300,
        }),
        ["mounts"] = new(Shell, new HostConfig
        {
            Binds = ["/src:/b:ro", "data:/data", "/shared:/s:rshared"],
            Mounts = [new Mount { Type = "bind", Source = "/src", Target = "/plain", ReadOnly = true, BindOptions = new() { NonRecursive = true } }],
            Tmpfs = new Dictionary<string, string> { ["/tmp"] = "exec,size=1m", ["/dev/shm"] = "" },
            ReadonlyRootfs = true,
        }),
        ["host-namespaces"] = new(Shell, new HostConfig { NetworkMode = "host", PidMode = "host", IpcMode = "host", UtsMode = "host", CgroupnsMode = "host" }),
        ["joined-namespaces"] = new(Shell, new HostConfig { NetworkMode = "container:x", PidMode = "container:x", IpcMode = "container:x" },
            Joined: new() { ["network"] = "/proc/42/ns/net", ["pid"] = "/proc/42/ns/pid", ["ipc"] = "/proc/42/ns/ipc" }),
        ["devices"] = new(Shell, new HostConfig { DeviceCgroupRules = ["c 13:* r"] }, Devices: [new(new() { Type = "b", Path = "/dev/disk", Major = 8, Minor = 1, FileMode = 432, Gid = 6 }, "r")]),
        ["open-paths"] = new(Shell, new HostConfig { SecurityOpt = ["systempaths=unconfined"], Sysctls = new Dictionary<string, string> { ["net/ipv4/ip_forward"] = "1" }, ShmSize = 1 << 20, Annotations = new Dictionary<string, string> { ["a"] = "b" } }),
        ["no-ipc"] = new(new ContainerConfig { Entrypoint = ["/init", "-v"], Cmd = ["a b", "c"] }, new HostConfig { IpcMode = "none", Dns = ["1.1.1.1"] }),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_Request_IsTheGoldenConfig(string name)
    {
        var json = Write(SpecBuilder.Build(Input(Cases[name])));
        var golden = Path.Combine(Here(), "Golden", name + ".json");
        if (Environment.GetEnvironmentVariable("VITRINE_UPDATE_GOLDEN") == "1")
            File.WriteAllText(golden, json);

        Assert.Equal(File.ReadAllText(golden), json);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_Request_SurvivesReadingBack(string name)
    {
        var json = Write(SpecBuilder.Build(Input(Cases[name])));

        Assert.Equal(json, Write(JsonSerializer.Deserialize(json, RuntimeJson.Default.Spec)!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SpecWriter_Request_WritesWhatTheSerializerDoes(string name)
    {
        var spec = SpecBuilder.Build(Input(Cases[name]));

        Assert.Equal(Compact(spec), Encoding.UTF8.GetString(SpecWriter.Write(spec).Span));
    }

    [Fact]
    public void SpecWriter_DefaultSeccompProfile_WritesWhatTheSerializerDoes()
    {
        var spec = new Spec { Linux = new LinuxSpec { Seccomp = SecuritySettings.Seccomp(new HostConfig(), CapabilitySet.AllNamed) } };

        Assert.Equal(Compact(spec), Encoding.UTF8.GetString(SpecWriter.Write(spec).Span));
    }

    [Fact]
    public void Golden_Directory_HasNoFileWithoutACase() =>
        Assert.Equal(Cases.Keys.Order(), Directory.GetFiles(Path.Combine(Here(), "Golden")).Select(Path.GetFileNameWithoutExtension).Order()!);

    private static BundleInput Input(Case asked)
    {
        var problems = new Problems();
        var mounts = new MountPlanner(new AllExists(), problems).Plan(asked.Config, asked.Host, _ => []);
        RequestRules.CheckConfig(asked.Config, problems);
        RequestRules.CheckHost(asked.Config, asked.Host, problems);
        Assert.Empty(problems.Errors);
        var record = new ContainerRecord
        {
            Id = Id,
            Name = "golden",
            Config = asked.Config with { Hostname = asked.Config.Hostname.Length > 0 ? asked.Config.Hostname : Id[..12] },
            HostConfig = HostDefaults.Apply(asked.Host, problems),
            Mounts = mounts,
            CgroupPath = "/vitrine/" + Id,
        };
        return new BundleInput
        {
            Container = record,
            RootfsPath = "/store/rootfs",
            User = asked.User ?? new ProcessUser(0, 0, [0], "/root"),
            Etc = new EtcPaths("/store/hostname", "/store/hosts", "/store/resolv.conf"),
            VolumePath = volume => $"/volumes/{volume}/_data",
            Joined = asked.Joined ?? [],
            Devices = asked.Devices ?? [],
            KernelCapabilities = CapabilitySet.AllNamed,
        };
    }

    private static string Write(Spec spec) =>
        JsonSerializer.Serialize(spec, new RuntimeJson(new JsonSerializerOptions(RuntimeJson.Default.Options)
        {
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }).Spec) + "\n";

    private static string Compact(Spec spec) => JsonSerializer.Serialize(spec,
        new RuntimeJson(new JsonSerializerOptions(RuntimeJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Spec);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private sealed record Case(
        ContainerConfig Config,
        HostConfig Host,
        ProcessUser? User = null,
        Dictionary<string, string>? Joined = null,
        HostDevice[]? Devices = null);

    private sealed class AllExists : HostFacts
    {
        public override bool Exists(string path) => true;
    }
}
