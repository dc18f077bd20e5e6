using System.Globalization;
using System.Text.Json.Nodes;
using Vitrine.TestKit;

namespace Vitrine.Tests.Conformance;

/// <summary>
/// A bundle and a state root of a test's own, for the runtime that RUNTIME names (default: the vitrine-oci that was published).
/// Disposing deletes the container.
/// </summary>
public sealed class Bundle : IDisposable
{
    private static readonly Lazy<string> s_sharedRoot = new(() => Busybox.Install(Directory.CreateTempSubdirectory("vitrine-test-conformance-").FullName));
    private static int s_count;

    private readonly List<string> _others = [];

    public Bundle()
    {
        Need.Root();
        Path = Directory.CreateTempSubdirectory("vitrine-test-conformance-").FullName;
        Id = string.Create(CultureInfo.InvariantCulture, $"conformance-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        Spec = Default(s_sharedRoot.Value, $"/vitrine-conformance/{Id}");
    }

    public static string RuntimePath => Environment.GetEnvironmentVariable("RUNTIME") is { Length: > 0 } given ? given : Repository.Binary("vitrine-oci");

    /// <summary>Whether the runtime is vitrine-oci.</summary>
    public static bool IsOurs => System.IO.Path.GetFileName(RuntimePath) == "vitrine-oci";

    public string Path { get; }

    public string Id { get; }

    /// <summary>The configuration; written when the runtime is called.</summary>
    public JsonNode Spec { get; }

    public string Files => Directory.CreateDirectory($"{Path}/files").FullName;

    /// <summary>The cgroup that it is to have, below each v1 hierarchy.</summary>
    public string CgroupsPath => (string)Spec["linux"]!["cgroupsPath"]!;

    /// <summary>The directories of the cgroup that there are, in all hierarchies.</summary>
    public IEnumerable<string> LeftCgroups =>
        Directory.GetDirectories("/sys/fs/cgroup").Select(hierarchy => hierarchy + CgroupsPath).Where(Directory.Exists);

    /// <summary>Runs the runtime with its own state root.</summary>
    public CommandResult Runtime(params IEnumerable<string> arguments) => RuntimeWithInput(null, arguments);

    public CommandResult RuntimeWithInput(string? stdin, params IEnumerable<string> arguments)
    {
        File.WriteAllText($"{Path}/config.json", Spec.ToJsonString());
        return Command.Run(RuntimePath, ["--root", $"{Path}/state", .. arguments], stdin, null, null);
    }

    /// <summary>Runs the runtime and requires success.</summary>
    public string Ok(params IEnumerable<string> arguments) => Runtime(arguments).ShouldSucceed().Text;

    /// <summary>Runs a script of the shell in the container to its end.</summary>
    public CommandResult RunScript(string script, params IEnumerable<string> flags)
    {
        Spec["process"]!["args"] = new JsonArray("sh", "-c", script);
        return Runtime(["run", .. flags, "--bundle", Path, Id]);
    }

    /// <summary>What a script says, which must succeed.</summary>
    public string Say(string script) => RunScript(script).ShouldSucceed().Text;

    /// <summary>
    /// Creates the container; its output goes to <see cref="Output"/>, as the process that is left would keep a pipe open.
    /// </summary>
    public CommandResult Create(params IEnumerable<string> flags) => CreateAs(Id, flags);

    /// <summary>Creates it under another name.</summary>
    public CommandResult CreateAs(string id, params IEnumerable<string> flags)
    {
        File.WriteAllText($"{Path}/config.json", Spec.ToJsonString());
        var result = Command.Run("sh", ["-c", "exec \"$@\" </dev/null >\"$0\" 2>\"$0.errors\"", $"{Path}/output", RuntimePath, "--root",
            $"{Path}/state", "create", "--bundle", Path, .. flags, id]);
        return result with { Stderr = File.ReadAllText($"{Path}/output.errors") };
    }

    /// <summary>Creates and starts one that does nothing until it is killed.</summary>
    public void StartSleeper(string script = "trap 'exit 5' TERM; echo up; while true; do sleep 0.05; done")
    {
        Spec["process"]!["args"] = new JsonArray("sh", "-c", script);
        Create().ShouldSucceed();
        Ok("start", Id);
        Eventually.True(() => Output.StartsWith("up", StringComparison.Ordinal), "the container is up", 30);
    }

    /// <summary>What a created container has said.</summary>
    public string Output => File.Exists($"{Path}/output") ? File.ReadAllText($"{Path}/output") : "";

    public JsonNode State => JsonNode.Parse(Ok("state", Id))!;

    public string Status => (string)State["status"]!;

    public int Pid => (int)State["pid"]!;

    public void AwaitStatus(string status) => Eventually.Equal(status, () => Status, 30);

    /// <summary>A root filesystem that this bundle alone has, and may write.</summary>
    public string OwnRoot()
    {
        var root = Busybox.Install(Directory.CreateDirectory($"{Path}/rootfs").FullName);
        Spec["root"] = new JsonObject { ["path"] = "rootfs" };
        return root;
    }

    /// <summary>Another container of the same state root is to be deleted at the end too.</summary>
    public void Also(string id) => _others.Add(id);

    public void AddMount(string destination, string type, string source, params string[] options) =>
        Spec["mounts"]!.AsArray().Add(Mount(destination, type, source, options));

    public void Dispose()
    {
        foreach (var id in (IEnumerable<string>)[.. _others, Id])
            Runtime("delete", "--force", id);
        // Whether a runtime leaves any is a test of its own.
        foreach (var cgroup in LeftCgroups)
            Command.Run("rmdir", cgroup);
        Directory.Delete(Path, recursive: true);
    }

    // The directory that all of them share: in use as long as another test has a container.
    static Bundle() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var hierarchy in Directory.GetDirectories("/sys/fs/cgroup"))
            Command.Run("rmdir", "--ignore-fail-on-non-empty", $"{hierarchy}/vitrine-conformance");
        if (s_sharedRoot.IsValueCreated)
            Directory.Delete(s_sharedRoot.Value, recursive: true);
    };

    private static JsonObject Mount(string destination, string type, string source, params string[] options) => new()
    {
        ["destination"] = destination,
        ["type"] = type,
        ["source"] = source,
        ["options"] = new JsonArray([.. options.Select(option => (JsonNode)option)]),
    };

    private static JsonNode Default(string root, string cgroup)
    {
        var spec = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Repository.Root, "tests", "conformance", "default.json")))!;
        spec["root"]!["path"] = root;
        spec["linux"]!["cgroupsPath"] = cgroup;
        return spec;
    }
}

/// <summary>The static busybox as a root filesystem.</summary>
internal static class Busybox
{
    public static string Install(string root)
    {
        File.SetUnixFileMode(root, (UnixFileMode)0x1ED); // 0755: containers of other users than root live in it too
        foreach (var directory in (string[])["bin", "dev", "etc", "proc", "sys", "tmp", "mnt", "root"])
            Directory.CreateDirectory($"{root}/{directory}");
        File.Copy("/bin/busybox", $"{root}/bin/busybox");
        foreach (var applet in Command.Run("/bin/busybox", "--list").ShouldSucceed().Lines.Where(name => name != "busybox"))
            File.CreateSymbolicLink($"{root}/bin/{applet}", "busybox");
        File.WriteAllText($"{root}/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
        return root;
    }
}
