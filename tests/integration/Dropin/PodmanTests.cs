using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

public sealed class PodmanHost : IDisposable
{
    private readonly PodmanEngine _podman;

    public PodmanHost()
    {
        Need.Program("podman", "podman");
        Host = new PrivateHost();
        _podman = new PodmanEngine(Host, PrivateHost.ServicesArchive, "--runtime", PrivateHost.Runtime);
        Podman(["tag", "docker.io/library/nginx:latest", "nginx"]).ShouldSucceed();
    }

    internal PrivateHost Host { get; }

    public CommandResult Podman(IEnumerable<string> arguments) => _podman.Run(arguments);

    public string Service() => _podman.Service();

    public void Dispose()
    {
        _podman.Dispose();
        Host.Dispose();
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

    [Fact]
    public void DefaultDiff_IsWhatWasAsked()
    {
        string[] run = ["run", "--detach", "--name"];
        host.Podman(["--runtime", "crun", .. run, "plain-podman", "nginx", "sleep", "600"]).ShouldSucceed();
        host.Podman(["--runtime", "runc", .. run, "runc-podman", "--user", "1000", "nginx", "sleep", "600"]).ShouldSucceed();
        host.Podman(["--runtime", "crun", .. run, "flagged-podman", "--pids-limit", "60", "--cap-add", "NET_ADMIN", "--uts", "host",
            "--security-opt", "unmask=/proc/sys", "nginx", "sleep", "600"]).ShouldSucceed();
        DefaultDiffCheck.Holds(host.Host, "podman", ["plain-podman", "runc-podman"], "flagged-podman",
            "uts", "pids", "effective CAP_NET_ADMIN", "permitted CAP_NET_ADMIN", "bounding CAP_NET_ADMIN", "/proc/sys");
        host.Podman(["rm", "--force", "--time", "0", "plain-podman", "runc-podman", "flagged-podman"]).ShouldSucceed();
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
