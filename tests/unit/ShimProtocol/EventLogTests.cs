using System.Text;
using System.Text.Json;
using Vitrine.Linux;
using Vitrine.ShimProtocol.Events;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.ShimProtocol;

public sealed class EventLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string FilePath => Path.Join(_directory.Path, EventLog.FileName);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Add_ThenRead_GivesTheSameEvent()
    {
        var before = DateTime.UtcNow;
        new EventLog(FilePath).Add("container", "exec_create: echo \"é\"\n", "c1", new Dictionary<string, string> { ["image"] = "busy\\box" }, "exitCode", "7");

        using var reader = new EventReader(FilePath, fromStart: true);
        var entry = reader.Read()!;

        Assert.Equal(("container", "exec_create: echo \"é\"\n", "c1"), (entry.Type, entry.Action, entry.Id));
        Assert.Equal(new Dictionary<string, string> { ["image"] = "busy\\box", ["exitCode"] = "7" }, entry.Attributes);
        Assert.InRange(DateTime.UnixEpoch.AddTicks(entry.TimeNano / 100), before.AddSeconds(-1), DateTime.UtcNow.AddSeconds(1));
        Assert.Null(reader.Read());
    }

    [Fact]
    public void Add_WritesDockersJson()
    {
        new EventLog(FilePath).Add("volume", "create", "data", null, "driver", "local");

        using var line = JsonDocument.Parse(File.ReadAllText(FilePath).TrimEnd('\n'));

        Assert.Equal("create", line.RootElement.GetProperty("Action").GetString());
        Assert.Equal("data", line.RootElement.GetProperty("Actor").GetProperty("ID").GetString());
        Assert.Equal("local", line.RootElement.GetProperty("Actor").GetProperty("Attributes").GetProperty("driver").GetString());
        Assert.Equal(line.RootElement.GetProperty("time").GetInt64(), line.RootElement.GetProperty("timeNano").GetInt64() / 1_000_000_000);
    }

    [Fact]
    public void Read_FromNow_PassesOverWhatWasBefore()
    {
        var log = new EventLog(FilePath);
        log.Add("image", "pull", "old");
        using var reader = new EventReader(FilePath, fromStart: false);

        log.Add("image", "pull", "new");

        Assert.Equal("new", reader.Read()?.Id);
    }

    [Fact]
    public void Read_FileMadeLater_IsFound()
    {
        using var reader = new EventReader(FilePath, fromStart: false);
        Assert.Null(reader.Read());

        new EventLog(FilePath).Add("image", "pull", "first");

        Assert.Equal("first", reader.Read()?.Id);
    }

    [Fact]
    public void Add_BehindATornLine_StartsANewOne()
    {
        var log = new EventLog(FilePath);
        log.Add("image", "pull", "first");
        File.AppendAllText(FilePath, "{\"Type\":\"container\",\"Act");

        log.Add("image", "pull", "second");

        using var reader = new EventReader(FilePath, fromStart: true);
        Assert.Equal("first", reader.Read()?.Id);
        Assert.Equal("second", reader.Read()?.Id);
    }

    [Fact]
    public void Add_NoDirectory_IsNoError() => new EventLog(Path.Join(_directory.Path, "gone", "events.jsonl")).Add("image", "pull", "x");

    [Fact]
    public void Add_ManyWriters_AReaderSeesAllInTheOrderOfTime()
    {
        const int Writers = 4;
        const int Each = 120;
        // Together more than one file and less than two: a reader that the machine lets wait loses what is two rotations old.
        var padding = new Dictionary<string, string> { ["padding"] = new('x', 3000) };
        using var reader = new EventReader(FilePath, fromStart: false);

        var threads = Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
                new EventLog(FilePath).Add("test", "count", writer.ToString(), padding, "i", i.ToString());
        })).ToList();
        threads.ForEach(thread => thread.Start());
        var seen = ReadUntil(reader, Writers * Each);
        threads.ForEach(thread => thread.Join());

        Assert.True(File.Exists(FilePath + ".1"), "rotated on the way");
        Assert.Equal(seen.Select(entry => entry.TimeNano).Order(), seen.Select(entry => entry.TimeNano));
        foreach (var writer in seen.GroupBy(entry => entry.Id))
            Assert.Equal(Enumerable.Range(0, Each), writer.Select(entry => int.Parse(entry.Attributes["i"])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"Type\":\"container\"")]
    [InlineData("{\"Type\":1,\"Action\":\"x\"}")]
    public void TryParse_Garbage_IsNull(string line) => Assert.Null(EventReader.TryParse(Encoding.UTF8.GetBytes(line)));

    private List<EventEntry> ReadUntil(EventReader reader, int count)
    {
        var seen = new List<EventEntry>();
        using var changes = Inotify.WatchDirectory(_directory.Path);
        for (var deadline = Environment.TickCount64 + 60_000; seen.Count < count && Environment.TickCount64 < deadline;)
        {
            while (reader.Read() is { } entry)
                seen.Add(entry);
            Poll.Wait(changes.Handle, PollEvents.Read, 100);
            changes.Clear();
        }
        return seen;
    }
}
