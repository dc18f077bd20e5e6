using Vitrine.Insight;
using Vitrine.Insight.Host;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Host;

public sealed class HostContainersTests : IDisposable
{
    private const string Docker = "d0cca9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddee";
    private const string Podman = "90d3a9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddee";
    private const string Ours = "d0aaa9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddee";

    private readonly FakeHost host = new();

    public HostContainersTests()
    {
        // One of docker's with an exec, one of podman's, one of ours; all on cgroup v2.
        host.Add(new FakeProcess { Pid = 100, Command = "containerd-shim", Arguments = ["/usr/bin/containerd-shim-runc-v2", "-namespace", "moby", "-id", Docker] });
        host.Add(Member(101, 100, [101, 1], 1, $"0::/system.slice/docker-{Docker}.scope\n"));
        host.Add(Member(102, 101, [102, 7], 1, $"0::/system.slice/docker-{Docker}.scope\n"));
        host.Add(Member(103, 100, [103, 9], 1, $"0::/system.slice/docker-{Docker}.scope\n"));
        host.File($"/var/lib/docker/containers/{Docker}/config.v2.json", """{"State":{"Pid":101},"Name":"/web","Config":{"Image":"nginx:1.27","Labels":{}}}""");

        host.Add(new FakeProcess { Pid = 200, Command = "conmon", Arguments = ["/usr/bin/conmon", "-c", Podman, "-n", "db", "-b", $"/var/lib/containers/storage/overlay-containers/{Podman}/userdata"] });
        host.Add(Member(201, 200, [201, 1], 2, $"0::/machine.slice/libpod-{Podman}.scope/container\n"));
        host.File("/var/lib/containers/storage/overlay-containers/containers.json",
            $$"""[{"id":"{{Podman}}","names":["db"],"metadata":"{\"image-name\":\"localhost/postgres:16\",\"name\":\"db\"}"}]""");

        host.Add(new FakeProcess { Pid = 300, Command = "vitrine-shim", Arguments = ["vitrine-shim", $"/var/lib/vitrine/containers/{Ours}/plan.json"] });
        host.Add(Member(301, 300, [301, 1], 3, $"0::/vitrine/{Ours}\n"));
        host.File($"/var/lib/vitrine/containers/{Ours}/container.json", $$"""{"Id":"{{Ours}}","Name":"own","Config":{"Image":"demo/bb"} }""");
    }

    private HostContainers Read() => HostContainers.Read(new HostOptions { HostRoot = host.Root });

    private static FakeProcess Member(int pid, int parent, int[] pids, ulong number, string cgroup) => new()
    {
        Pid = pid,
        Parent = parent,
        NamespacePids = pids,
        Cgroup = cgroup,
        Namespaces = new() { ["pid"] = 5000 + number, ["mnt"] = 6000 + number, ["net"] = 7000 + number },
    };

    [Fact]
    public void All_ThreeEngines_HaveNamesImagesAndSupervisors()
    {
        Assert.Equal(
            [("docker", Docker, "web", "nginx:1.27", 101, "containerd-shim"), ("podman", Podman, "db", "localhost/postgres:16", 201, "conmon"), ("vitrine", Ours, "own", "demo/bb", 301, "vitrine-shim")],
            Read().All.Select(container => (container.Engine, container.Id!, container.Name!, container.Image!, container.Pid, container.Supervisor!.Command)));
    }

    [Fact]
    public void Members_ExecedProcess_IsJoined()
    {
        var docker = Read().All[0];

        Assert.Equal([(101, MemberRole.First), (102, MemberRole.Child), (103, MemberRole.Joined)], docker.Members.Select(member => (member.Process.Pid, member.Role)));
        Assert.Equal(1010ul, docker.StartTime);
    }

    [Theory]
    [InlineData("web", 101)]
    [InlineData("/web", 101)]
    [InlineData(Docker, 101)]
    [InlineData("d0cc", 101)]
    [InlineData("db", 201)]
    [InlineData("90d3", 201)]
    [InlineData("podman:db", 201)]
    [InlineData("podman:9", 201)]
    [InlineData("own", 301)]
    public void Resolve_NameOrId_LeadsToTheFirstProcess(string text, int pid)
    {
        var (container, found) = Read().Resolve(text);

        Assert.Equal((pid, pid), (container!.Pid, found));
    }

    [Theory]
    [InlineData("103", 103, Docker)]
    [InlineData("201", 201, Podman)]
    [InlineData("1", 1, null)]
    [InlineData("100", 100, null)]
    public void Resolve_Pid_IsThatProcessAndItsContainer(string text, int pid, string? id)
    {
        var (container, found) = Read().Resolve(text);

        Assert.Equal((pid, id), (found, container?.Id));
    }

    [Fact]
    public void Resolve_TwoOfOneName_NamesBoth()
    {
        host.File($"/var/lib/vitrine/containers/{Ours}/container.json", """{"Name":"web","Config":{} }""");

        var error = Assert.Throws<VitrineException>(() => Read().Resolve("web"));

        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Contains("docker web (d0cca9c0d1e4) with pid 101, vitrine web (d0aaa9c0d1e4) with pid 301", error.Message, StringComparison.Ordinal);
        Assert.Equal(301, Read().Resolve("vitrine:web").Pid);
    }

    [Fact]
    public void Ports_OfOurOwn_AreInTheExecRootThatItsNetworkNames()
    {
        Assert.Empty(Read().All.Single(container => container.Name == "own").Ports);
        host.File($"/var/lib/vitrine/containers/{Ours}/network.json", """{"id":"x","execRoot":"/run/elsewhere","endpoints":[]}""");
        host.File($"/run/elsewhere/sandboxes/{Ours}/state.json", """{"ports":[{"protocol":"udp","containerPort":53,"hostIp":"127.0.0.1","hostPort":5353,"target":"10.0.0.2"}]}""");

        var port = Assert.Single(Read().All.Single(container => container.Name == "own").Ports);
        Assert.Equal(("udp", "127.0.0.1", 5353, 53), (port.Protocol, port.HostAddress, port.HostPort, port.Port));
    }

    [Fact]
    public void Resolve_BeginningOfTwoIds_NamesBoth() => Assert.Contains("docker web", Assert.Throws<VitrineException>(() => Read().Resolve("d0")).Message, StringComparison.Ordinal);

    [Fact]
    public void Resolve_ThreadOfTheKernel_SaysSo()
    {
        host.Add(new FakeProcess { Pid = 2, Parent = 0, Command = "kthreadd" }).Add(new FakeProcess { Pid = 9, Parent = 2, Command = "rcu" });

        Assert.Contains("thread of the kernel", Assert.Throws<VitrineException>(() => Read().Resolve("9")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_EndedProcess_SaysSo()
    {
        host.Add(new FakeProcess { Pid = 70, State = 'Z' });

        Assert.Contains("has ended", Assert.Throws<VitrineException>(() => Read().Resolve("70")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "No such container: nobody")]
    [InlineData("999999", "No such container or process: 999999")]
    [InlineData("../web", "No such container: ../web")]
    [InlineData("", "No such container: ")]
    [InlineData("docker:db", "No such container: db")]
    public void Resolve_Nobody_IsNotFound(string text, string message)
    {
        var error = Assert.Throws<VitrineException>(() => Read().Resolve(text));

        Assert.Equal((ErrorKind.NotFound, message), (error.Kind, error.Message));
    }

    /// <summary>Without process 1, which every /proc has, and with a /proc that hides, the rest is not all.</summary>
    [Theory]
    [InlineData("hidepid=invisible", true)]
    [InlineData("hidepid=ptraceable", true)]
    [InlineData("hidepid=2", true)]
    [InlineData("hidepid=off", false)]
    public void Missing_ProcThatHidesProcesses_IsSaid(string option, bool isSaid)
    {
        host.Proc("self/mountinfo", FakeHost.UnifiedMounts.Replace("- proc proc rw", $"- proc proc rw,{option}", StringComparison.Ordinal));
        Assert.Empty(Read().Missing);

        Directory.Delete($"{host.Root}/proc/1", recursive: true);

        Assert.Equal(isSaid, Read().Missing.Any(sentence => sentence.Contains("are not listed here", StringComparison.Ordinal)));
        Assert.Equal(isSaid, Assert.Throws<VitrineException>(() => Read().Resolve("nobody")).Message.Contains("that this user may see", StringComparison.Ordinal));
    }

    [Fact]
    public void Resolve_OursThatDoesNotRun_IsAConflict()
    {
        var id = new string('e', 64);
        host.File($"/var/lib/vitrine/containers/{id}/container.json", $$"""{"Name":"sleeper","Config":{} }""");

        var error = Assert.Throws<VitrineException>(() => Read().Resolve("eee"));

        Assert.Equal((ErrorKind.Conflict, $"container {id} is not running"), (error.Kind, error.Message));
    }

    [Fact]
    public void Target_OfAnotherEngine_HasItsFiles()
    {
        var hints = Read().Target("web").Hints!;

        Assert.Equal(("docker", "web", "nginx:1.27"), (hints.Engine, hints.Name, hints.Image));
        Assert.Contains($"{host.Root}/var/lib/docker/containers/{Docker}/config.v2.json", hints.FilesWithEnvironment);
    }

    [Fact]
    public void Target_OfOurs_HasTheStoresFiles() =>
        Assert.Contains($"{host.Root}/var/lib/vitrine/containers/{Ours}/container.json", Read().Target("own").Hints!.FilesWithEnvironment);

    public void Dispose() => host.Dispose();
}
