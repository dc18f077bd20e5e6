using System.Text.Json;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Storage;

public sealed class ContainerStoreTests : IDisposable
{
    private static readonly string Ab = "ab" + new string('0', 62);
    private static readonly string Ac = "ac" + new string('0', 62);

    private readonly TemporaryDirectory _root = new();
    private readonly ContainerStore _store;

    public ContainerStoreTests()
    {
        _store = new ContainerStore(new StorePaths(_root["data"], _root["run"]));
        _store.EnsureExists();
        Make(Ab, "web");
        Make(Ac, "ab");
    }

    [Theory]
    [InlineData("web", "ab")]
    [InlineData("/web", "ab")]
    [InlineData("ac0", "ac")]
    [InlineData("ab", "ac")]
    public void Resolve_NameIdOrPrefix_FindsTheContainer(string wanted, string begins) =>
        Assert.StartsWith(begins + "0", _store.Resolve(wanted), StringComparison.Ordinal);

    [Fact]
    public void Resolve_FullId_FindsIt() => Assert.Equal(Ab, _store.Resolve(Ab));

    [Theory]
    [InlineData("a", ErrorKind.Invalid, "Multiple IDs found with provided prefix: a")]
    [InlineData("nope", ErrorKind.NotFound, "No such container: nope")]
    [InlineData("ad", ErrorKind.NotFound, "No such container: ad")]
    [InlineData("../../etc", ErrorKind.NotFound, "No such container: ../../etc")]
    [InlineData("", ErrorKind.NotFound, "No such container: ")]
    public void Resolve_UnknownOrAmbiguous_SaysWhatDockerSays(string wanted, ErrorKind kind, string expected)
    {
        var error = Assert.Throws<VitrineException>(() => _store.Resolve(wanted));

        Assert.Equal((kind, expected), (error.Kind, error.Message));
    }

    [Fact]
    public void EnsureExists_Directories_ArePrivate() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_store.Paths.Containers));

    [Fact]
    public void Take_NameInUse_TellsByWhom() => Assert.Equal(Ab, _store.Names.Take("web", Ac));

    [Fact]
    public void Take_NameOfAContainerThatIsGone_IsTakenOver()
    {
        Directory.Delete(_store.Paths.Container(Ab).Directory, recursive: true);

        Assert.Null(_store.Names.Take("web", Ac));
        Assert.Equal(Ac, _store.Names.Find("web"));
    }

    [Fact]
    public void Take_NameOfACreationInProgress_IsLeftAlone()
    {
        var id = "ee" + new string('0', 62);
        var making = _store.Paths.Hidden(id, "new");
        Directory.CreateDirectory(making.Directory);
        using var creator = FileLock.Acquire(making.Lock);
        Assert.Null(_store.Names.Take("soon", id));

        Assert.Equal(id, _store.Names.Take("soon", Ab));
    }

    [Fact]
    public void Take_OldNameThatARenameLeftBehind_IsTakenOver()
    {
        File.CreateSymbolicLink(_store.Paths.Name("before"), Ab);

        Assert.Null(_store.Names.Take("before", Ac));
    }

    [Fact]
    public void Release_NameThatIsAnothersNow_IsKept()
    {
        _store.Names.Release("web", Ac);

        Assert.Equal(Ab, _store.Names.Find("web"));
    }

    [Fact]
    public void Ids_HiddenAndForeignEntries_AreNotContainers()
    {
        Directory.CreateDirectory(_store.Paths.Hidden("ff" + new string('0', 62), "new").Directory);
        Directory.CreateDirectory(Path.Combine(_store.Paths.Containers, "lost+found"));

        Assert.Equal([Ab, Ac], _store.Ids().Order());
    }

    [Fact]
    public void Sweep_SettledAndUnlocked_IsDeletedAndTheRestIsNot()
    {
        var old = DateTime.UtcNow.AddHours(-1);
        var (dead, busy, fresh) = (Hidden("d", old), Hidden("b", old), Hidden("f", DateTime.UtcNow));
        using var creator = FileLock.Acquire(Path.Combine(busy, "lock"));
        Directory.SetLastWriteTimeUtc(busy, old);

        _store.Sweep(_ => { });

        Assert.Equal((false, true, true), (Directory.Exists(dead), Directory.Exists(busy), Directory.Exists(fresh)));
    }

    [Fact]
    public void Sweep_RemovalCutShort_IsFinished()
    {
        var hidden = _store.Paths.Hidden(Ab, "old").Directory;
        Directory.Move(_store.Paths.Container(Ab).Directory, hidden);
        Directory.SetLastWriteTimeUtc(hidden, DateTime.UtcNow.AddHours(-1));
        var finished = new List<string>();

        _store.Sweep(record => finished.Add(record.Id));

        Assert.Equal([Ab], finished);
        Assert.False(Directory.Exists(hidden));
    }

    [Fact]
    public void Record_WrittenAndRead_IsTheSame()
    {
        var record = Record(Ab, "web") with
        {
            Config = new ContainerConfig { Cmd = ["a"], StopTimeout = 0, Healthcheck = new() { Test = ["NONE"] } },
            HostConfig = new HostConfig { PidsLimit = 0, OomKillDisable = false, MaskedPaths = [], Init = true },
        };

        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(record, StoreWriteJson.Default.ContainerRecord), StoreJson.Default.ContainerRecord)!;

        Assert.Equal((0, 0L, false, 0, true), (read.Config.StopTimeout, read.HostConfig.PidsLimit, read.HostConfig.OomKillDisable, read.HostConfig.MaskedPaths!.Count, read.HostConfig.Init));
        Assert.Equal(["NONE"], read.Config.Healthcheck!.Test!);
    }

    public void Dispose() => _root.Dispose();

    private string Hidden(string name, DateTime time)
    {
        var directory = Path.Combine(_store.Paths.Containers, ".new-" + name);
        Directory.CreateDirectory(directory);
        Directory.SetLastWriteTimeUtc(directory, time);
        return directory;
    }

    private void Make(string id, string name)
    {
        var paths = _store.Paths.Container(id);
        Directory.CreateDirectory(paths.Directory);
        File.WriteAllBytes(paths.Record, JsonSerializer.SerializeToUtf8Bytes(Record(id, name), StoreJson.Default.ContainerRecord));
        Assert.Null(_store.Names.Take(name, id));
    }

    private static ContainerRecord Record(string id, string name) => new()
    {
        Id = id,
        Name = name,
        Config = new ContainerConfig(),
        HostConfig = new HostConfig(),
        CgroupPath = "/test/" + id,
    };
}
