using System.Text.Json;
using Vitrine.Insight;
using Vitrine.Insight.Host;
using Vitrine.Insight.Namespaces;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Namespaces;

public sealed class NamespaceCatalogTests : IDisposable
{
    private const string Docker = "d0cca9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddee";

    private const string Other = "e0cca9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddee";

    private readonly FakeHost host = new();

    public NamespaceCatalogTests()
    {
        host.Add(new FakeProcess { Pid = 100, Command = "containerd-shim", Arguments = ["/usr/bin/containerd-shim-runc-v2", "-namespace", "moby", "-id", Docker] });
        host.Add(Member(101, 100, [101, 1]));
        host.Add(Member(102, 101, [102, 7]));
        // Another that shares its network.
        host.Add(new FakeProcess { Pid = 200, Command = "containerd-shim", Arguments = ["/usr/bin/containerd-shim-runc-v2", "-namespace", "moby", "-id", Other] });
        host.Add(Member(201, 200, [201, 1]) with
        {
            Cgroup = $"0::/system.slice/docker-{Other}.scope\n",
            Namespaces = new() { ["pid"] = 4026533105, ["mnt"] = 4026533106, ["net"] = 4026533007 },
        });
        host.File($"/var/lib/docker/containers/{Docker}/config.v2.json", """{"State":{"Pid":101},"Name":"/web","Config":{"Image":"nginx:1.27","Labels":{}}}""");
        host.File("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nwww:x:33:33::/:/bin/sh\n");
    }

    private static FakeProcess Member(int pid, int parent, int[] pids) => new()
    {
        Pid = pid,
        Parent = parent,
        NamespacePids = pids,
        Uid = 33,
        Arguments = ["nginx", "-g", "\u001b[31mred"],
        Cgroup = $"0::/system.slice/docker-{Docker}.scope\n",
        Namespaces = new() { ["pid"] = 4026533005, ["mnt"] = 4026533006, ["net"] = 4026533007 },
    };

    [Fact]
    public void All_CountsProcesses_AndTellsWhoseTheyAre()
    {
        var mount = Read().Find(4026533006)!;

        Assert.Equal(NamespaceKind.Mount, mount.Kind);
        Assert.Equal([101, 102], mount.Pids);
        Assert.Equal("www", mount.User);
        Assert.Equal("web", Assert.Single(mount.Containers).Name);
        Assert.False(mount.IsHosts);
        Assert.False(mount.HoldsHostProcesses);
    }

    [Fact]
    public void All_AreSortedByNumber()
    {
        var numbers = Read().All.Select(one => one.Inode).ToList();

        Assert.Equal(numbers.Order(), numbers);
    }

    [Fact]
    public void Of_AProcess_IsItsEight()
    {
        var own = Read().Of(101);

        Assert.Equal(NamespaceId.Kinds, own.Select(one => one.Kind));
        Assert.Equal(["pid", "mnt", "net"], own.Where(one => !one.IsHosts).Select(one => NamespaceId.FileName(one.Kind)));
    }

    [Fact]
    public void View_TellsSharedFromIsolated()
    {
        var catalog = Read();

        Assert.Equal(NamespaceScope.Isolated, View(catalog, 4026533006).Scope);
        Assert.Equal(NamespaceScope.Shared, View(catalog, 4026533007).Scope);
        Assert.Equal(NamespaceScope.Host, NamespaceView.Of(catalog.Of(1)[0], new ProcFs(host.Root + "/proc")).Scope);
    }

    [Fact]
    public void View_OfAUserNamespace_HasItsMaps() =>
        Assert.Equal([new IdRange(0, 0, uint.MaxValue)], NamespaceView.Of(Read().Of(1)[0], new ProcFs(host.Root + "/proc")).Users);

    [Fact]
    public void Json_HasLsnssFields_AndTheContainer()
    {
        using var json = JsonDocument.Parse(NamespaceJson.List([Read().Find(4026533006)!]));
        var one = json.RootElement.GetProperty("namespaces")[0];

        Assert.Equal((4026533006ul, "mnt", 2, 101), (one.GetProperty("ns").GetUInt64(), one.GetProperty("type").GetString(), one.GetProperty("nprocs").GetInt32(), one.GetProperty("pid").GetInt32()));
        Assert.Equal("nginx -g \u001b[31mred", one.GetProperty("command").GetString());
        Assert.Equal("docker", one.GetProperty("containers")[0].GetProperty("engine").GetString());
        Assert.Equal("web", one.GetProperty("containers")[0].GetProperty("name").GetString());
    }

    public void Dispose() => host.Dispose();

    private NamespaceView View(NamespaceCatalog catalog, ulong inode) => NamespaceView.Of(catalog.Find(inode)!, new ProcFs(host.Root + "/proc"));

    private NamespaceCatalog Read() => NamespaceCatalog.Read(
        HostContainers.Read(new HostOptions { HostRoot = host.Root }), new ProcFs(host.Root + "/proc"), new AccountNames(host.Root));
}
