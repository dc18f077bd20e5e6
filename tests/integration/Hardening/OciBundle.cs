using System.Text.Json.Nodes;
using Vitrine.TestKit;

namespace Vitrine.Tests.Integration.Hardening;

/// <summary>A bundle with busybox as its root filesystem, for vitrine-oci itself; what a test leaves of it is removed.</summary>
public sealed class OciBundle : IDisposable
{
    private static readonly string s_applets = "sh cat ls id mount sleep true mkdir readlink stat grep tty echo touch uname kill ln md5sum ip rmdir";
    private int _containers;

    public OciBundle()
    {
        Need.Root();
        Directory = System.IO.Directory.CreateTempSubdirectory("vitrine-oci-").FullName;
        foreach (var name in "bin proc sys dev tmp etc run data".Split(' '))
            System.IO.Directory.CreateDirectory(InRoot(name));
        File.Copy("/bin/busybox", InRoot("bin/busybox"));
        foreach (var applet in s_applets.Split(' '))
            File.CreateSymbolicLink(InRoot($"bin/{applet}"), "busybox");
        Config = JsonNode.Parse("""
            {"ociVersion": "1.2.0", "root": {"path": "rootfs"}, "hostname": "box",
             "process": {"args": ["true"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0},
                         "capabilities": {"bounding": ["CAP_CHOWN", "CAP_KILL"], "permitted": ["CAP_CHOWN", "CAP_KILL"], "effective": ["CAP_CHOWN", "CAP_KILL"]}},
             "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
                        {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["newinstance", "ptmxmode=0666"]}],
             "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"}, {"type": "uts"}, {"type": "ipc"}, {"type": "network"}],
                       "cgroupsPath": ""}}
            """)!.AsObject();
        Config["linux"]!["cgroupsPath"] = "/" + Path.GetFileName(Directory);
    }

    /// <summary>Where the bundle is.</summary>
    public string Directory { get; }

    public JsonObject Config { get; }

    public JsonObject Process => Config["process"]!.AsObject();

    public JsonObject Linux => Config["linux"]!.AsObject();

    public static string Runtime => Repository.Binary("vitrine-oci");

    /// <summary>A path of the container, as the host sees it.</summary>
    public string InRoot(string path) => Path.Combine(Directory, "rootfs", path);

    public void Mount(string json) => Config["mounts"]!.AsArray().Add(JsonNode.Parse(json));

    /// <summary>Forgets the mounts, as an image's own files are to be seen.</summary>
    public void UnmountAll() => Config["mounts"]!.AsArray().Clear();

    /// <summary>Runs a shell's command line to its end.</summary>
    /// <param name="script">The command line.</param>
    /// <param name="before">A program, with its arguments, that runs the runtime.</param>
    public CommandResult Run(string script, params string[] before)
    {
        Write("sh", "-c", script);
        string[] command = [.. before, Runtime, "--root", State, "run", "--bundle", Directory, NewName()];
        return Command.Run(command[0], command[1..]);
    }

    /// <summary>Runs a shell's command line on a terminal.</summary>
    public CommandResult RunOnTerminal(string script)
    {
        Write("sh", "-c", script);
        return Command.Run("script", "-qec", $"{Runtime} --root {State} run --bundle {Directory} {NewName()}", "/dev/null");
    }

    /// <summary>Creates a container that waits for its start.</summary>
    /// <returns>Its name and the host pid of its first process.</returns>
    public (string Name, int Pid) Create(params string[] arguments) => CreateBy(Runtime, arguments);

    /// <summary>The same, by the words that a shell's exec starts the runtime with.</summary>
    public (string Name, int Pid) CreateBy(string runtime, params string[] arguments)
    {
        Write(arguments);
        var name = NewName();
        // Its first process keeps the standard streams: the test's pipes would stay open.
        Command.Run("bash", "-c", $"exec {runtime} --root {State} create --bundle {Directory} {name} </dev/null >/dev/null 2>&1").ShouldSucceed();
        return (name, (int)JsonNode.Parse(Oci("state", name).ShouldSucceed().Text)!["pid"]!);
    }

    public CommandResult Oci(params string[] arguments) => Command.Run(Runtime, ["--root", State, .. arguments]);

    public void Dispose()
    {
        for (var i = 1; i <= _containers; i++)
            Oci("delete", "--force", $"{Path.GetFileName(Directory)}-{i}");
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private string State => Path.Combine(Directory, "state");

    private string NewName() => $"{Path.GetFileName(Directory)}-{++_containers}";

    private void Write(params string[] arguments)
    {
        Process["args"] = new JsonArray([.. arguments.Select(argument => (JsonNode)argument)]);
        File.WriteAllText(Path.Combine(Directory, "config.json"), Config.ToJsonString());
    }
}
