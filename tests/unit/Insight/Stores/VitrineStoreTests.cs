using Vitrine.Insight.Stores;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Stores;

public sealed class VitrineStoreTests : IDisposable
{
    private static readonly string s_web = new('a', 64);
    private static readonly string s_stopped = "ab" + new string('c', 62);

    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-store-").FullName;

    public VitrineStoreTests()
    {
        var now = new ProcFs().StartTime(Environment.ProcessId);
        Container(s_web, "web", $$"""{"status":"running","pid":{{Environment.ProcessId}},"pidStartTime":{{now}}}""");
        Container(s_stopped, "stopped", $$"""{"status":"running","pid":{{Environment.ProcessId}},"pidStartTime":1}""");
        File.WriteAllText(Path.Join(Directory.CreateDirectory(Path.Join(_root, "images/blobs/sha256")).FullName, new string('1', 64)), """
            {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:2222222222222222222222222222222222222222222222222222222222222222"]},
             "config":{"Env":["A=1"]},"history":[{"created_by":"FROM"},{"created_by":"ENV","empty_layer":true}]}
            """);
    }

    private VitrineStore Store => new(_root);

    [Theory]
    [InlineData("web")]
    [InlineData("/web")]
    [InlineData("aa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Hints_OfRunningContainer_AreAllThatTheStoreKnows(string name)
    {
        var container = Store.Find(name)!;

        var hints = Store.Hints(container);
        Assert.Equal(Environment.ProcessId, container.Pid);
        Assert.Equal(("vitrine", s_web, "web", "nginx:1"), (hints.Engine, hints.Id, hints.Name, hints.Image));
        var layer = Assert.Single(hints.Layers);
        Assert.Equal((Path.Join(_root, "layers/77/diff"), $"sha256:{new string('2', 64)}", "FROM"), (layer.Directory, layer.Digest, layer.CreatedBy));
        Assert.Equal(Path.Join(_root, "volumes/data/_data"), Assert.Single(hints.Volumes).Directory);
        Assert.Equal(["A=1"], hints.ImageEnvironment);
        Assert.Equal(Path.Join(_root, "containers", s_web, "bundle/config.json"), hints.SpecPath);
        Assert.Equal(2, hints.FilesWithEnvironment.Count);
    }

    [Fact]
    public void Find_StartTimeOfAnotherProcess_IsNotRunning() => Assert.False(Store.Find("stopped")!.IsRunning);

    [Fact]
    public void Find_BeginningOfSeveralIds_IsRefused() =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => Store.Find("a")).Kind);

    [Theory]
    [InlineData("nobody")]
    [InlineData("../web")]
    [InlineData("")]
    public void Find_NobodyOfThatName_IsNull(string name) => Assert.Null(Store.Find(name));

    [Fact]
    public void All_LeavesOutWhatIsDamaged()
    {
        Container(new string('d', 64), "broken", "{");

        Assert.Equal(["stopped", "web"], Store.All().Select(container => container.Name).Order());
    }

    [Fact]
    public void All_WithoutStore_IsEmpty() => Assert.Empty(new VitrineStore(Path.Join(_root, "nowhere")).All());

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Container(string id, string name, string state)
    {
        var directory = Directory.CreateDirectory(Path.Join(_root, "containers", id)).FullName;
        File.WriteAllText(Path.Join(directory, "container.json"), $$"""
            {"Id":"{{id}}","Name":"{{name}}","ImageId":"sha256:{{new string('1', 64)}}","Layers":["sha256:77"],"Config":{"Image":"nginx:1","Labels":{} },
             "HostConfig":{"AutoRemove":true},"Mounts":[{"Type":"volume","Name":"data"},{"Type":"bind","Source":"/x"}]}
            """);
        File.WriteAllText(Path.Join(directory, "state.json"), state);
        Directory.CreateDirectory(Path.Join(_root, "names"));
        File.CreateSymbolicLink(Path.Join(_root, "names", name), id);
    }
}
