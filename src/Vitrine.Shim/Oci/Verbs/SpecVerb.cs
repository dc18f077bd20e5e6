using System.Text;
using Vitrine.Linux;
using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>spec: a config.json to begin with.</summary>
internal static class SpecVerb
{
    private const string FileName = "config.json";
    private static readonly string[] s_capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

    public static Verb Spec { get; } = new("spec", "create a new specification file", "",
    [
        new("bundle", FlagKind.Text, "path to the root of the bundle directory", Short: "b"),
        new("rootless", FlagKind.Switch, "generate a configuration for a rootless container"),
    ], 0, 0, Run);

    private static int Run(OciContext context, ParsedLine line)
    {
        var path = Path.Join(line.Text("bundle") ?? ".", FileName);
        if (File.Exists(path))
            throw new VitrineException(ErrorKind.Conflict, $"File {FileName} exists. Remove it first");
        using var file = Fd.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x1B6);
        Fd.WriteAll(file, Encoding.UTF8.GetBytes(Text(line.IsSet("rootless"))));
        return 0;
    }

    private static string Text(bool rootless)
    {
        var json = new JsonText(indented: true).Object().Text("ociVersion", VersionText.SpecVersion);
        Process(json);
        json.Object("root").Text("path", "rootfs").Flag("readonly", true).EndObject().Text("hostname", "vitrine").Array("mounts");
        Mounts(json, rootless);
        json.EndArray().Object("linux");
        if (rootless)
        {
            IdMap(json, "uidMappings", ThisProcess.UserId);
            IdMap(json, "gidMappings", ThisProcess.GroupId);
        }
        else
        {
            json.Object("resources").Array("devices").Object().Flag("allow", false).Text("access", "rwm").EndObject().EndArray().EndObject();
        }

        json.Array("namespaces");
        foreach (var type in (ReadOnlySpan<string>)["pid", rootless ? "" : "network", "ipc", "uts", "mount", "cgroup", rootless ? "user" : ""])
            if (type.Length > 0)
                json.Object().Text("type", type).EndObject();
        return json.EndArray()
            .Texts("maskedPaths",
            [
                "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
                "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
            ])
            .Texts("readonlyPaths", ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"])
            .EndObject().EndObject() + "\n";
    }

    private static void Process(JsonText json)
    {
        json.Object("process").Flag("terminal", true).Object("user").Number("uid", 0L).Number("gid", 0L).EndObject()
            .Texts("args", ["sh"])
            .Texts("env", ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"])
            .Text("cwd", "/").Object("capabilities");
        foreach (var set in (ReadOnlySpan<string>)["bounding", "effective", "permitted"])
            json.Texts(set, s_capabilities);
        json.EndObject()
            .Array("rlimits").Object().Text("type", "RLIMIT_NOFILE").Number("hard", 1024L).Number("soft", 1024L).EndObject().EndArray()
            .Flag("noNewPrivileges", true).EndObject();
    }

    private static void Mounts(JsonText json, bool rootless)
    {
        Mount(json, "/proc", "proc", "proc");
        Mount(json, "/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        string[] terminals = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"];
        Mount(json, "/dev/pts", "devpts", "devpts", rootless ? terminals : [.. terminals, "gid=5"]);
        Mount(json, "/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
        Mount(json, "/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        // sysfs belongs to a network namespace: without one of its own a user namespace may only bind the host's.
        if (rootless)
            Mount(json, "/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro");
        else
            Mount(json, "/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
        if (!rootless)
            Mount(json, "/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro");
    }

    private static void Mount(JsonText json, string destination, string type, string source, params string[] options)
    {
        json.Object().Text("destination", destination).Text("type", type).Text("source", source);
        if (options.Length > 0)
            json.Texts("options", options);
        json.EndObject();
    }

    private static void IdMap(JsonText json, string name, uint host) =>
        json.Array(name).Object().Number("containerID", 0L).Number("hostID", (long)host).Number("size", 1L).EndObject().EndArray();
}
