using System.Diagnostics;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>Debian's dockerd, as it is, without networks, in namespaces of its own that end everything in them with it.</summary>
public sealed class DockerdPeer : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-dockerd-").FullName;
    private readonly string _cgroup = $"vitrine-dockerd-{System.Environment.ProcessId}";
    private readonly Process _process;

    public DockerdPeer()
    {
        Need.Root();
        Need.Program("dockerd", "dockerd");
        Need.Program("containerd", "dockerd");
        _process = Command.Start("unshare", ["--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "--propagation", "private", "sh", "-c",
            // runc 1.1 takes an empty v2 hierarchy beside v1 controllers for a place of its own.
            "umount -l /sys/fs/cgroup/unified 2>/dev/null; exec dockerd \"$@\" >\"$0/log\" 2>&1", _directory,
            "--host", $"unix://{Socket}", "--data-root", Path.Combine(_directory, "data"), "--exec-root", Path.Combine(_directory, "run"),
            "--pidfile", Path.Combine(_directory, "pid"), "--iptables=false", "--bridge=none", "--ip-forward=false", "--ip-masq=false",
            // Its own thirty are soon taken by what other tests make in the same network namespace.
            "--default-address-pool", "base=10.192.0.0/12,size=24",
            "--cgroup-parent", "/" + _cgroup]);
        try
        {
            Eventually.True(() => _process.HasExited || Docker("version").ExitCode == 0, "dockerd answers", 90);
            Assert.False(_process.HasExited, "dockerd ended: " + File.ReadAllText(Path.Combine(_directory, "log")));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Socket => Path.Combine(_directory, "docker.sock");

    public CommandResult Docker(params IEnumerable<string> arguments) =>
        Command.Run("docker", arguments, null, new Dictionary<string, string?> { ["DOCKER_HOST"] = $"unix://{Socket}" }, TimeSpan.FromMinutes(2));

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        foreach (var controller in Directory.GetDirectories("/sys/fs/cgroup"))
            RemoveCgroups(Path.Combine(controller, _cgroup));
        // What was killed may hold its mounts for another moment.
        Eventually.True(TryDelete, $"{_directory} can be deleted", 30);
    }

    private static void RemoveCgroups(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (var child in Directory.GetDirectories(directory))
            RemoveCgroups(child);
        Eventually.True(() => Command.Run("rmdir", directory).ExitCode == 0 || !Directory.Exists(directory), $"{directory} is empty", 30);
    }

    private bool TryDelete()
    {
        try
        {
            Directory.Delete(_directory, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}

/// <summary>Both engines, with the same image.</summary>
public sealed class BothEngines : IDisposable
{
    public BothEngines()
    {
        Need.Program("docker", "docker-cli");
        Dockerd = new DockerdPeer();
        try
        {
            Vitrine = new ApiSandbox();
        }
        catch
        {
            Dockerd.Dispose();
            throw;
        }
        var archive = Path.Combine(Path.GetDirectoryName(Repository.ImageLayout)!, $"{Path.GetFileName(Repository.ImageLayout)}-busybox.tar");
        Dockerd.Docker("load", "--quiet", "--input", archive).ShouldSucceed();
    }

    public DockerdPeer Dockerd { get; }

    public ApiSandbox Vitrine { get; }

    /// <summary>What dockerd has said to scripts, by their names.</summary>
    public Dictionary<string, List<string>> DockerdsAnswers { get; } = [];

    public void Dispose()
    {
        Vitrine.Dispose();
        Dockerd.Dispose();
    }
}
