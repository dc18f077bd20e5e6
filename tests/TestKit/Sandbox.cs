using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Vitrine.TestKit;

/// <summary>
/// A Vitrine of its own: data root, exec root and the published binaries. Disposing removes its containers and fails
/// when anything of them is left on the host.
/// </summary>
public class Sandbox : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    public Sandbox(params IEnumerable<string> images)
    {
        Need.Root();
        Need.Overlay();
        ForwardPackets();
        foreach (var image in images)
            Load(image);
    }

    /// <summary>As on a host where containers have run before, so that no start tells of the change. Only in a network of the tests' own, which has no way out.</summary>
    private static void ForwardPackets()
    {
        if (!File.ReadLines("/proc/net/route").Any(line => line.Split('\t') is [_, "00000000", ..]))
            File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
    }

    public string DataRoot => Path.Combine(directory, "data");

    public string ExecRoot => Path.Combine(directory, "run");

    /// <summary>A directory for the test's own files, removed with the sandbox.</summary>
    public string Files => Directory.CreateDirectory(Path.Combine(directory, "files")).FullName;

    public Dictionary<string, string?> Environment => new()
    {
        ["VITRINE_DATA_ROOT"] = DataRoot,
        ["VITRINE_EXEC_ROOT"] = ExecRoot,
        ["DOCKER_CONFIG"] = Path.Combine(directory, "docker"),
        ["NO_COLOR"] = "1",
    };

    /// <summary>Runs vitrine to its end.</summary>
    public CommandResult Vitrine(params IEnumerable<string> arguments) => VitrineWithInput(null, arguments);

    public CommandResult VitrineWithInput(string? stdin, params IEnumerable<string> arguments) =>
        Command.Run(Repository.Binary("vitrine"), arguments, stdin, Environment, null);

    /// <summary>Runs vitrine and requires exit code 0; returns what it printed.</summary>
    public string Ok(params IEnumerable<string> arguments) => Vitrine(arguments).ShouldSucceed().Text;

    /// <summary>Starts vitrine and leaves it running, with Ctrl-C at its default though the tests may run in the background, where it is ignored.</summary>
    public Process Start(params IEnumerable<string> arguments) =>
        Command.Start("env", ["--default-signal=INT,QUIT", Repository.Binary("vitrine"), .. arguments], Environment);

    /// <summary>Loads an image of the test layout under its tag, as NAME:latest.</summary>
    public void Load(string image)
    {
        Ok("load", "--quiet", "--input", TestImages.Archive(image));
    }

    /// <summary>One field of docker inspect, by Go template.</summary>
    public string Inspect(string container, string template) => Ok("inspect", "--format", template, container);

    public int Pid(string container) => int.Parse(Inspect(container, "{{.State.Pid}}"));

    public JsonElement InspectJson(string container)
    {
        using var document = JsonDocument.Parse(Ok("inspect", container));
        return document.RootElement[0].Clone();
    }

    /// <summary>The host pid of the shim of a running container.</summary>
    public int ShimPid(string container) => ProcessTable.Parent(Pid(container));

    /// <summary>Fails unless no container, mount, cgroup or process of this sandbox is left.</summary>
    public void ShouldBeClean()
    {
        Assert.All([Path.Combine(ExecRoot, "containers"), Path.Combine(DataRoot, "containers"), Path.Combine(DataRoot, "names")], place =>
        {
            // Any command clears away what a killed one left half made, once that is a few seconds old.
            Eventually.True(() => !Directory.Exists(place) || Directory.GetFileSystemEntries(place).Length == 0 || Vitrine("ps").ExitCode != 0, $"{place} is empty");
            Assert.Empty(Directory.Exists(place) ? Directory.GetFileSystemEntries(place) : []);
        });
        Assert.DoesNotContain(directory, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        Assert.DoesNotContain(directory, File.ReadAllText("/proc/1/mountinfo"), StringComparison.Ordinal);
        Eventually.True(() => ProcessTable.WithArgument(directory).Count == 0, $"no process of {directory} is left: {string.Join("; ", ProcessTable.WithArgument(directory))}");
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        var ids = Vitrine("ps", "--all", "--quiet", "--no-trunc").Lines;
        if (ids.Length > 0)
            Vitrine(["rm", "--force", "--volumes", .. ids]).ShouldSucceed();
        ShouldBeClean();
        foreach (var id in ids)
            Assert.Empty(Cgroups.Of(id));
        Directory.Delete(directory, recursive: true);
    }
}
