using Vitrine.Insight.Host;
using Vitrine.Insight.View;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Host;

/// <summary>What real engines' hosts look like, recorded: each with web (and an exec, and a joined process), worker and a bare unshare.</summary>
public sealed class RecordedHostTests
{
    /// <summary>The trees of real engines; on cgroup v1 as hybrid, with the line of the empty v2 hierarchy, and without.</summary>
    public static TheoryData<string, bool> Engines()
    {
        var trees = new TheoryData<string, bool>();
        foreach (var name in RecordedHost.Names().Where(name => name.EndsWith("-v1", StringComparison.Ordinal) || name.EndsWith("-v2", StringComparison.Ordinal)))
        {
            trees.Add(name, false);
            if (name.EndsWith("-v1", StringComparison.Ordinal))
                trees.Add(name, true);
        }

        return trees;
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void All_OfAnEngine_AreItsTwoAndTheBareOne(string tree, bool withoutUnified)
    {
        using var host = new RecordedHost(tree, withoutUnified);
        var engine = tree.Split('-')[0];
        var supervisor = engine == "podman" ? "conmon" : "containerd-shim";

        var all = host.Read().All.OrderBy(container => container.Name, StringComparer.Ordinal).ToList();

        Assert.Equal(["none ", $"{engine} web", $"{engine} worker"], all.Select(container => $"{container.Engine} {container.Name}"));
        Assert.Equal([supervisor, supervisor], all.Skip(1).Select(container => container.Supervisor!.Command));
        Assert.Equal("unshare", all[0].Supervisor!.Command);
        Assert.All(all.Skip(1), container => Assert.Equal(engine == "containerd" ? container.Name!.Length : 64, container.Id!.Length));
        Assert.All(all.Skip(1), container => Assert.True(engine == "containerd" || container.Image!.Contains("busybox", StringComparison.Ordinal)));
        Assert.All(all, container => Assert.True(container.StartTime > 0));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Members_OfWeb_AreFirstExecAndNsenter(string tree, bool withoutUnified)
    {
        using var host = new RecordedHost(tree, withoutUnified);

        var shown = ContainedProcesses.Of(host.Read()).Where(process => process.Container?.Name == "web").ToDictionary(process => process.Command);

        Assert.Equal([("sleep 1001", MemberRole.First), ("sleep 1003", MemberRole.Joined), ("sleep 1007", MemberRole.Joined)],
            shown.Values.Select(process => (process.Command, process.Role!.Value)).Order());
        Assert.Equal(1, shown["sleep 1001"].ContainerPid);
        Assert.All(shown.Values, process => Assert.StartsWith("-PMNHI", process.Isolation.ToString(), StringComparison.Ordinal));
        Assert.Equal(tree.StartsWith("containerd", StringComparison.Ordinal) ? 0u : 1000u, shown["sleep 1001"].HostUid);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Resolve_NameIdAndPid_AreOne(string tree, bool withoutUnified)
    {
        using var host = new RecordedHost(tree, withoutUnified);
        var containers = host.Read();
        var web = containers.Resolve("web").Container!;

        Assert.Same(web, containers.Resolve(web.Id!).Container);
        Assert.Same(web, containers.Resolve($"{web.Engine}:web").Container);
        Assert.Same(web, containers.Resolve(web.ShortId!).Container);
        Assert.All(web.Members, member => Assert.Same(web, containers.Resolve($"{member.Process.Pid}").Container));
        // The one recording without the engine's bundles.
        Assert.True(tree == "docker-v2" || File.Exists(web.SpecPath));
    }

    [Fact]
    public void All_OfCrio_HaveThePodsNames()
    {
        using var host = new RecordedHost("cri-o-written");

        Assert.Equal(
            [("cri-o", "shop", "shop/store-5d", null, "registry.k8s.io/pause:3.9"), ("cri-o", "shop", "store-5d", "db", "docker.io/library/postgres:16")],
            host.Read().All.Select(container => (container.Engine, container.Kubernetes!.Namespace!, container.Kubernetes.Container is null ? $"shop/{container.Name}" : container.Kubernetes.Pod!,
                container.Kubernetes.Container, container.Image!)));
        Assert.Equal("store-5d/db", host.Read().Resolve("db").Container!.Name);
        Assert.Equal("store-5d/db", host.Read().Resolve("shop/store-5d/db").Container!.Name);
        Assert.Equal("0a1b2c3d-1111-2222-3333-444455556666", host.Read().Resolve("store-5d").Container!.Kubernetes!.PodUid);
    }

    [Fact]
    public void All_OfAKubeletsContainerd_HaveThePodsNames()
    {
        using var host = new RecordedHost("containerd-cri-written");

        var all = host.Read().All;

        Assert.Equal([("containerd", "front-7f"), ("containerd", "front-7f/web")], all.Select(container => (container.Engine, container.Name!)));
        Assert.Equal("docker.io/library/nginx:1.27", all[1].Image);
        Assert.Equal(new KubernetesPlace { Namespace = "shop", Pod = "front-7f", PodUid = "9a8b7c6d-1111-2222-3333-444455556666", Container = "web" }, all[1].Kubernetes);
        Assert.Equal(all[0].Supervisor!.Pid, all[1].Supervisor!.Pid);
    }
}
