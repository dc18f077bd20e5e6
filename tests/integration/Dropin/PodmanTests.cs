using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

public sealed class PodmanHost : IDisposable
{
    // The limits of open files and processes that podman would raise need a capability that not every machine gives.
    private const string Configuration = """
        [containers]
        default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
        [engine]
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        """;

    private readonly PrivateHost _host;

    public PodmanHost()
    {
        Need.Program("podman", "podman");
        _host = new PrivateHost();
        File.WriteAllText($"{_host.Files}/containers.conf", Configuration);
        Podman(["load", "--quiet", "--input", PrivateHost.ServicesArchive]).ShouldSucceed();
        Podman(["tag", "docker.io/library/nginx:latest", "nginx"]).ShouldSucceed();
    }

    internal PrivateHost Host => _host;

    public CommandResult Podman(IEnumerable<string> arguments) =>
        _host.Run([.. Program, .. arguments], new Dictionary<string, string?> { ["CONTAINERS_CONF"] = $"{_host.Files}/containers.conf" });

    /// <summary>Starts podman's service, with crun, and returns its socket.</summary>
    public string Service()
    {
        var socket = $"{_host.Files}/podman.sock";
        _host.Serve($"{_host.Files}/service.log", ["env", $"CONTAINERS_CONF={_host.Files}/containers.conf", .. Program, "--runtime", "crun", "system", "service", "--time", "0", $"unix://{socket}"]);
        Eventually.True(() => File.Exists(socket), "podman's service listens", 60);
        return socket;
    }

    private string[] Program =>
        ["podman", "--root", $"{_host.Files}/root", "--runroot", $"{_host.Files}/run", "--tmpdir", $"{_host.Files}/tmp", "--runtime", PrivateHost.Runtime];

    public void Dispose()
    {
        Podman(["rm", "--all", "--force", "--time", "0"]);
        // The service's execs leave their monitors for five minutes, for who asks how they ended.
        foreach (var monitor in ProcessTable.WithArgument(_host.Files).Where(line => line.Contains("/conmon ", StringComparison.Ordinal)))
            Command.Run("kill", monitor.Split(' ')[0]);
        _host.Dispose();
    }
}

/// <summary>podman --runtime vitrine-oci, by way of conmon.</summary>
public sealed class PodmanTests(PodmanHost host) : DockerLikeTests, IClassFixture<PodmanHost>
{
    protected override (string Engine, string Supervisor) Seen => ("podman", "conmon");

    /// <summary>With crun, as podman comes.</summary>
    [Fact]
    public void GlassBox_SaysWhatPodmanSays()
    {
        var id = host.Podman(["--runtime", "crun", "run", "-d", "--name", "boxed-podman", .. GlassBoxCheck.Limits, "-p", "127.0.0.1:18082:80", "nginx"]).ShouldSucceed().Text;
        GlassBoxCheck.Change(script => host.Podman(["exec", "boxed-podman", "sh", "-c", script]));
        var subject = GlassSubject.OfDocker("podman", id, "boxed-podman", host.Podman);
        new GlassBoxCheck(host.Host, subject).Holds();
        host.Podman(["rm", "--force", "--time", "0", "--volumes", "boxed-podman"]).ShouldSucceed();
    }

    /// <summary>podman's service speaks docker's API beside its own.</summary>
    [Fact]
    public void Spy_DockersCommandLineThroughIt_RunsAndIsRefused()
    {
        Need.Program("docker", "docker-cli");
        new SpiedEngineCheck(host.Host, host.Service(), "nginx", "podman").Holds();
    }

    protected override CommandResult Engine(params IEnumerable<string> arguments) => host.Podman(arguments);
}
