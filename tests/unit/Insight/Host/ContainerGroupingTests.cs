using Vitrine.Insight.Host;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Host;

/// <summary>Which container a process is in, where that is not plain.</summary>
public sealed class ContainerGroupingTests : IDisposable
{
    private const string Outer = "a1a1a9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddee";
    private const string Inner = "b2b2a9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddee";
    private const string Session = "0::/user.slice/user-0.slice/session-1.scope\n";

    private readonly FakeHost host = new();

    private HostContainers Read() => HostContainers.Read(new HostOptions { HostRoot = host.Root });

    private static Dictionary<string, ulong> Own(ulong number, params string[] kinds) => kinds.ToDictionary(kind => kind, _ => number);

    private (int First, MemberRole Role) Where(HostContainers containers, int pid)
    {
        var container = containers.Of(pid)!;
        return (container.Pid, container.Members.Single(member => member.Process.Pid == pid).Role);
    }

    [Fact]
    public void Of_NestedEngine_IsTheInnerContainerWithinTheOuter()
    {
        host.Add(new FakeProcess { Pid = 10, Command = "containerd-shim" });
        host.Add(new FakeProcess { Pid = 11, Parent = 10, Command = "dockerd", Cgroup = $"0::/docker/{Outer}\n", NamespacePids = [11, 1], Namespaces = Own(7, "pid", "mnt") });
        host.Add(new FakeProcess { Pid = 12, Parent = 11, Command = "containerd-shim", Cgroup = $"0::/docker/{Outer}\n", NamespacePids = [12, 5], Namespaces = Own(7, "pid", "mnt") });
        host.Add(new FakeProcess { Pid = 13, Parent = 12, Cgroup = $"0::/docker/{Outer}/docker/{Inner}\n", NamespacePids = [13, 9, 1], Namespaces = Own(8, "pid", "mnt") });

        var containers = Read();

        Assert.Equal([(11, Outer, null), (13, Inner, 11)], containers.All.Select(container => (container.Pid, container.Id!, container.OuterPid)));
        Assert.Equal((11, MemberRole.Child), Where(containers, 12));
        Assert.Equal((13, MemberRole.First), Where(containers, 13));
    }

    [Fact]
    public void Of_PidNamespaceMadeInAContainer_IsAContainerWithin()
    {
        host.Add(new FakeProcess { Pid = 11, Command = "sh", Cgroup = $"0::/docker/{Outer}\n", NamespacePids = [11, 1], Namespaces = Own(7, "pid", "mnt") });
        host.Add(new FakeProcess { Pid = 12, Parent = 11, Command = "unshare", Cgroup = $"0::/docker/{Outer}\n", NamespacePids = [12, 3], Namespaces = Own(7, "pid", "mnt") });
        host.Add(new FakeProcess { Pid = 13, Parent = 12, Cgroup = $"0::/docker/{Outer}\n", NamespacePids = [13, 4, 1], Namespaces = Own(8, "pid") });
        host.Add(new FakeProcess { Pid = 14, Parent = 13, Cgroup = $"0::/docker/{Outer}\n", NamespacePids = [14, 5, 2], Namespaces = Own(8, "pid") });

        var containers = Read();

        Assert.Equal([(11, "docker", null), (13, "none", 11)], containers.All.Select(container => (container.Pid, container.Engine, container.OuterPid)));
        Assert.Equal([(11, MemberRole.Child), (13, MemberRole.First), (13, MemberRole.Child)], new[] { 12, 13, 14 }.Select(pid => Where(containers, pid)));
    }

    [Fact]
    public void Of_NsenterIntoAllNamespaces_HasJoinedWhereverItsCgroupIs()
    {
        host.Add(new FakeProcess { Pid = 10, Command = "conmon" });
        host.Add(new FakeProcess { Pid = 11, Parent = 10, Cgroup = $"0::/machine.slice/libpod-{Outer}.scope\n", NamespacePids = [11, 1], Namespaces = Own(7, "pid", "mnt", "net") });
        host.Add(new FakeProcess { Pid = 20, Command = "bash", Cgroup = Session });
        host.Add(new FakeProcess { Pid = 21, Parent = 20, Command = "nsenter", Cgroup = Session, Namespaces = Own(7, "mnt", "net") });
        host.Add(new FakeProcess { Pid = 9, Parent = 21, Command = "sh", Cgroup = Session, NamespacePids = [9, 4], Namespaces = Own(7, "pid", "mnt", "net") });
        host.Add(new FakeProcess { Pid = 8, Parent = 9, Command = "ls", Cgroup = Session, NamespacePids = [8, 5], Namespaces = Own(7, "pid", "mnt", "net") });

        var containers = Read();

        Assert.Equal((11, MemberRole.Joined), Where(containers, 9));
        Assert.Equal((11, MemberRole.Child), Where(containers, 8));
        Assert.Null(containers.Of(20));
    }

    [Fact]
    public void Of_NsenterIntoTheNetworkAlone_HasJoined()
    {
        host.Add(new FakeProcess { Pid = 10, Command = "containerd-shim" });
        host.Add(new FakeProcess { Pid = 11, Parent = 10, Cgroup = $"0::/docker/{Outer}\n", NamespacePids = [11, 1], Namespaces = Own(7, "pid", "mnt", "net") });
        host.Add(new FakeProcess { Pid = 21, Command = "tcpdump", Cgroup = Session, Namespaces = Own(7, "net") });
        host.Add(new FakeProcess { Pid = 22, Command = "conmon", Cgroup = Session, Namespaces = Own(7, "net") });

        var containers = Read();

        Assert.Equal((11, MemberRole.Joined), Where(containers, 21));
        Assert.Null(containers.Of(22));
    }

    [Fact]
    public void Of_EngineAndContainerInNamespacesOfAShell_TheShellHasNotJoined()
    {
        // unshare --net sh: dockerd is started there, and a container with that network.
        host.Add(new FakeProcess { Pid = 10, Command = "sh", Cgroup = Session, Namespaces = Own(5, "net", "mnt") });
        host.Add(new FakeProcess { Pid = 20, Parent = 1, Command = "containerd-shim", Cgroup = Session, Namespaces = Own(5, "net", "mnt") });
        host.Add(new FakeProcess { Pid = 21, Parent = 20, Cgroup = $"0::/docker/{Outer}\n", NamespacePids = [21, 1], Namespaces = new() { ["pid"] = 6, ["mnt"] = 6, ["net"] = 5 } });
        host.Add(new FakeProcess { Pid = 30, Parent = 10, Command = "unshare", Cgroup = Session, Namespaces = Own(5, "net", "mnt") });
        host.Add(new FakeProcess { Pid = 31, Parent = 30, Cgroup = Session, NamespacePids = [31, 1], Namespaces = new() { ["pid"] = 7, ["mnt"] = 7, ["net"] = 5 } });

        var containers = Read();

        Assert.Equal([(10, "none", null), (21, "docker", null), (31, "none", 10)], containers.All.Select(container => (container.Pid, container.Engine, container.OuterPid)));
        Assert.Equal([10, 30], containers.Of(10)!.Members.Select(member => member.Process.Pid));
    }

    [Fact]
    public void Of_ServiceInAMountNamespace_IsNoContainer()
    {
        host.Add(new FakeProcess { Pid = 10, Command = "systemd-resolve", Cgroup = "0::/system.slice/systemd-resolved.service\n", Namespaces = Own(7, "mnt", "uts") });

        Assert.Empty(Read().All);
    }

    [Fact]
    public void Of_ContainerThatSharesAllNamespacesWithTheHost_IsKnownByItsCgroup()
    {
        host.Add(new FakeProcess { Pid = 10, Command = "containerd-shim" });
        host.Add(new FakeProcess { Pid = 12, Parent = 10, Cgroup = $"0::/docker/{Outer}\n" });
        host.Add(new FakeProcess { Pid = 11, Parent = 12, Cgroup = $"0::/docker/{Outer}\n" });

        var container = Assert.Single(Read().All);

        Assert.Equal((12, 2), (container.Pid, container.Members.Count));
    }

    [Fact]
    public void Of_PodWithOnePidNamespace_AreTwoContainers()
    {
        host.Add(new FakeProcess { Pid = 10, Command = "containerd-shim" });
        host.Add(new FakeProcess { Pid = 11, Parent = 10, Command = "pause", Cgroup = $"0::/kubepods/podx/{Outer}\n", NamespacePids = [11, 1], Namespaces = Own(7, "pid", "net") });
        host.Add(new FakeProcess { Pid = 12, Parent = 10, Cgroup = $"0::/kubepods/podx/{Inner}\n", NamespacePids = [12, 8], Namespaces = Own(7, "pid", "net") });

        var containers = Read();

        Assert.Equal((11, MemberRole.First), Where(containers, 11));
        Assert.Equal((12, MemberRole.First), Where(containers, 12));
        Assert.Equal(["x", "x"], containers.All.Select(container => container.Kubernetes!.PodUid));
    }

    [Fact]
    public void Of_NamespacesHidden_TellsByPidsAndCgroup()
    {
        host.Add(new FakeProcess { Pid = 11, Parent = 1, Cgroup = $"0::/docker/{Outer}\n", NamespacePids = [11, 1] });
        host.Add(new FakeProcess { Pid = 20, Command = "unshare", Cgroup = Session });
        host.Add(new FakeProcess { Pid = 21, Parent = 20, Cgroup = Session, NamespacePids = [21, 1] });
        host.Add(new FakeProcess { Pid = 22, Parent = 21, Cgroup = Session, NamespacePids = [22, 2] });
        foreach (var pid in new[] { 11, 20, 21, 22 })
            Directory.Delete($"{host.Root}/proc/{pid}/ns", recursive: true);

        var containers = Read();

        Assert.Equal([(11, "docker", 1), (21, "none", 2)], containers.All.Select(container => (container.Pid, container.Engine, container.Members.Count)));
        Assert.Contains("4 processes", Assert.Single(containers.Missing), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ReaderInAContainer_ItsOwnMarkSaysNothing()
    {
        host.Proc("1/cgroup", $"0::/docker/{Outer}\n");
        host.Add(new FakeProcess { Pid = 5, Parent = 1, Command = "top", Cgroup = $"0::/docker/{Outer}\n" });

        Assert.Empty(Read().All);
    }

    [Fact]
    public void Of_PidsThatWrapped_ParentsComeFirst()
    {
        host.Add(new FakeProcess { Pid = 900, Command = "conmon" });
        host.Add(new FakeProcess { Pid = 901, Parent = 900, Cgroup = $"0::/libpod_parent/libpod-{Outer}\n", NamespacePids = [901, 1], Namespaces = Own(7, "pid") });
        host.Add(new FakeProcess { Pid = 30, Parent = 901, Cgroup = "0::/elsewhere\n", NamespacePids = [30, 2], Namespaces = Own(7, "pid") });
        host.Add(new FakeProcess { Pid = 20, Parent = 30, Cgroup = "0::/elsewhere\n", NamespacePids = [20, 3], Namespaces = Own(7, "pid") });

        Assert.Equal([20, 30, 901], Assert.Single(Read().All).Members.Select(member => member.Process.Pid));
    }

    public void Dispose() => host.Dispose();
}
