using System.Text.Json;
using Vitrine.Insight.Host;
using Vitrine.Insight.Json;
using Vitrine.Insight.View;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.View;

public sealed class ContainedProcessesTests : IDisposable
{
    private const string Id = "d0cca9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddee";

    private readonly FakeHost host = new();

    public ContainedProcessesTests()
    {
        host.File("/etc/passwd", "root:x:0:0::/:/bin/sh\nsubuid:x:100033:1::/:/bin/sh\n");
        host.File("/rootfs/etc/passwd", "root:x:0:0::/:\nwww-data:x:33:33::/:\nbroken\n:x:33:\nother:x:33:33::/:\n");
        host.Add(new FakeProcess { Pid = 100, Command = "containerd-shim", Arguments = ["containerd-shim-runc-v2", "-namespace", "moby", "-id", Id] });
        host.Add(Member(101, 100, 1) with { Uid = 100033, Arguments = ["server", "--password=correct-horse"] });
        host.Add(Member(102, 101, 2) with { Uid = 7, Arguments = [] });
        host.Add(Member(50, 40, 9));
        host.Add(new FakeProcess { Pid = 40, Command = "bash" });
        host.File($"/var/lib/docker/containers/{Id}/config.v2.json", """{"Name":"/web","Config":{"Image":"nginx:1.27"} }""");
    }

    private FakeProcess Member(int pid, int parent, int inside) => new()
    {
        Pid = pid,
        Parent = parent,
        NamespacePids = [pid, inside],
        Cgroup = $"0::/docker/{Id}\n",
        Namespaces = new() { ["pid"] = 1, ["mnt"] = 2, ["user"] = 3 },
        UidMap = "0 100000 65536\n",
        Root = $"{host.Root}/rootfs",
        Capabilities = FakeHost.DockerCapabilities,
        Seccomp = 2,
    };

    private HostContainers Containers() => HostContainers.Read(new HostOptions { HostRoot = host.Root });

    [Fact]
    public void Of_Container_IsAForestUnderItsSupervisor() => Assert.Equal(
        [(100, null, null), (50, 100, MemberRole.Joined), (101, 100, MemberRole.First), (102, 101, MemberRole.Child)],
        ContainedProcesses.Of(Containers()).Select(process => (process.Pid, process.Under, process.Role)));

    [Fact]
    public void Of_ParentThatEndedMeanwhile_LeavesItsChildrenUnderTheNearestThatIsThere()
    {
        var containers = Containers();
        Directory.Delete($"{host.Root}/proc/101", recursive: true);

        Assert.Equal([(100, null), (50, 100), (102, 100)], ContainedProcesses.Of(containers).Select(process => (process.Pid, process.Under)));
    }

    [Fact]
    public void Of_MappedUsers_HaveTheNamesOfBothSides()
    {
        var shown = ContainedProcesses.Of(Containers()).ToDictionary(process => process.Pid);

        Assert.Equal(("subuid", 33u, "www-data"), (shown[101].HostUser, shown[101].ContainerUid, shown[101].ContainerUser));
        Assert.Equal(("7", null, null), (shown[102].HostUser, shown[102].ContainerUid, shown[102].ContainerUser));
        Assert.Equal("root", shown[100].HostUser);
    }

    [Fact]
    public void Of_Commands_HideSecretsUnlessTheyAreToBeRevealed()
    {
        Assert.DoesNotContain(ContainedProcesses.Of(Containers()), process => process.Command.Contains("correct-horse", StringComparison.Ordinal));
        Assert.Contains(ContainedProcesses.Of(Containers(), reveal: true), process => process.Command == "server --password=correct-horse");
        Assert.Contains(ContainedProcesses.Of(Containers()), process => process.Command == "[sleep]");
    }

    [Fact]
    public void Of_Walls_AreLetters()
    {
        var shown = ContainedProcesses.Of(Containers()).ToDictionary(process => process.Pid);

        Assert.Equal("UPM----- S--d", shown[101].Isolation.ToString());
        Assert.Equal("-------- ---!", shown[100].Isolation.ToString());
    }

    [Theory]
    [InlineData("docker-default (enforce)\n", "UPM----- SL-d")]
    [InlineData("docker-default (complain)\n", "UPM----- Sl-d")]
    [InlineData("unconfined\n", "UPM----- S--d")]
    [InlineData("system_u:system_r:container_t:s0:c1,c2\0", "UPM----- SL-d")]
    public void Of_Label_IsALetter(string label, string letters)
    {
        host.Proc("101/attr/current", label);

        Assert.Equal(letters, ContainedProcesses.Of(Containers()).Single(process => process.Pid == 101).Isolation.ToString());
    }

    [Fact]
    public void Of_NamespacesHidden_AreQuestionMarks()
    {
        Directory.Delete($"{host.Root}/proc/101/ns", recursive: true);

        Assert.Equal("?P?????? S--d", ContainedProcesses.Of(Containers()).Single(process => process.Pid == 101).Isolation.ToString());
    }

    [Fact]
    public void Of_ProcessThatEndsBetween_IsLeftOut()
    {
        var containers = Containers();
        Directory.Delete($"{host.Root}/proc/102", recursive: true);

        Assert.Equal([100, 50, 101], ContainedProcesses.Of(containers).Select(process => process.Pid));
    }

    [Fact]
    public void Serialize_IsTheContainersWithTheirProcesses()
    {
        using var document = JsonDocument.Parse(HostViewJson.Serialize(ContainedProcesses.Of(Containers()), ["something"]));

        var container = Assert.Single(document.RootElement.GetProperty("containers").EnumerateArray());
        Assert.Equal("something", document.RootElement.GetProperty("missing")[0].GetString());
        Assert.Equal(("docker", Id, "web", 101, 1010), (container.GetProperty("engine").GetString(), container.GetProperty("id").GetString(),
            container.GetProperty("name").GetString(), container.GetProperty("pid").GetInt32(), container.GetProperty("startTime").GetInt32()));
        Assert.Equal(100, container.GetProperty("supervisor").GetProperty("pid").GetInt32());
        var first = container.GetProperty("processes")[1];
        Assert.Equal((101, 1, "first", 100033, "www-data"), (first.GetProperty("pid").GetInt32(), first.GetProperty("containerPid").GetInt32(), first.GetProperty("role").GetString(),
            first.GetProperty("hostUid").GetInt32(), first.GetProperty("containerUser").GetString()));
        Assert.True(first.GetProperty("isolation").GetProperty("namespaces").GetProperty("pid").GetProperty("isOwn").GetBoolean());
        Assert.Equal("default", first.GetProperty("isolation").GetProperty("capabilities").GetString());
    }

    public void Dispose() => host.Dispose();
}
