using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

public sealed class DockerHost : IDisposable
{
    private readonly DockerEngine _docker;

    public DockerHost()
    {
        Need.Program("dockerd", "docker");
        Host = new PrivateHost();
        _docker = new DockerEngine(Host, PrivateHost.ServicesArchive, "--add-runtime", $"vitrine={PrivateHost.Runtime}", "--default-runtime", "vitrine", "--bip", "172.31.5.1/24");
    }

    internal PrivateHost Host { get; }

    public string Socket => _docker.Socket;

    public CommandResult Docker(IEnumerable<string> arguments) => _docker.Run(arguments);

    public void Dispose()
    {
        _docker.Dispose();
        Host.Dispose();
    }
}

/// <summary>dockerd with vitrine-oci as its default runtime, by way of containerd's shim.</summary>
public sealed class DockerTests(DockerHost host) : DockerLikeTests, IClassFixture<DockerHost>
{
    protected override (string Engine, string Supervisor) Seen => ("docker", "containerd-shim");

    /// <summary>With runc, as dockerd comes.</summary>
    [Fact]
    public void GlassBox_SaysWhatDockerSays()
    {
        var id = host.Docker(["run", "-d", "--runtime", "runc", "--name", "boxed-docker", .. GlassBoxCheck.Limits, "-p", "127.0.0.1:18081:80", "nginx"]).ShouldSucceed().Text;
        GlassBoxCheck.Change(script => host.Docker(["exec", "boxed-docker", "sh", "-c", script]));
        var subject = GlassSubject.OfDocker("docker", id, "boxed-docker", host.Docker);
        new GlassBoxCheck(host.Host, subject).Holds();
        host.Docker(["rm", "--force", "--volumes", "boxed-docker"]).ShouldSucceed();
    }

    [Fact]
    public void DefaultDiff_IsWhatWasAsked()
    {
        string[] run = ["run", "--detach", "--runtime", "runc", "--name"];
        host.Docker([.. run, "plain-docker", "nginx", "sleep", "600"]).ShouldSucceed();
        host.Docker([.. run, "user-docker", "--user", "1000", "nginx", "sleep", "600"]).ShouldSucceed();
        host.Docker([.. run, "flagged-docker", "--read-only", "--memory", "96m", "--pids-limit", "60", "--cap-add", "NET_ADMIN", "--cap-drop", "MKNOD", "--network", "host",
            "--security-opt", "no-new-privileges", "--security-opt", "seccomp=unconfined", "--tmpfs", "/scratch", "nginx", "sleep", "600"]).ShouldSucceed();
        DefaultDiffCheck.Holds(host.Host, "docker", ["plain-docker", "user-docker"], "flagged-docker",
            "net", "access", "/scratch", "memory", "memory and swap", "pids", "effective CAP_NET_ADMIN", "permitted CAP_NET_ADMIN", "bounding CAP_NET_ADMIN", "mode", "no_new_privs",
            "effective CAP_MKNOD", "permitted CAP_MKNOD", "bounding CAP_MKNOD");
        host.Docker(["rm", "--force", "plain-docker", "user-docker", "flagged-docker"]).ShouldSucceed();
    }

    [Fact]
    public void Spy_DockersCommandLineThroughIt_RunsAndIsRefused() => new SpiedEngineCheck(host.Host, host.Socket, "nginx", "dockerd").Holds();

    protected override CommandResult Engine(params IEnumerable<string> arguments) => host.Docker(arguments);

    [Fact]
    public void Daemon_UsesTheRuntimeByDefaultAndByName()
    {
        Assert.Equal("vitrine", host.Docker(["info", "--format", "{{.DefaultRuntime}}"]).ShouldSucceed().Text);
        host.Docker(["run", "--rm", "--runtime", "vitrine", "--net", "none", "--privileged", "nginx", "true"]).ShouldSucceed();
    }
}
