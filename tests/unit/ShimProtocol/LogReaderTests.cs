using System.Text;
using Vitrine.Linux;
using Vitrine.ShimProtocol.Logs;
using Xunit;

namespace Vitrine.Tests.Unit.ShimProtocol;

public sealed class LogReaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-log").FullName;

    private string LogPath => Path.Combine(_directory, "log.jsonl");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(299)]
    [InlineData(300)]
    [InlineData(1000)]
    public void Tail_OverRotatedFiles_IsTheLastLines(int tail)
    {
        WriteLines(300, maxSize: 2000);

        var expected = Enumerable.Range(0, 300).Skip(300 - tail).Select(i => $"line {i}\n");
        Assert.Equal(expected, LogRoundTripTests.ReadAll(LogPath, new LogQuery { Tail = tail }));
    }

    [Fact]
    public void Tail_LongLine_CountsItsPartsAsOne()
    {
        using (var writer = new LogWriter(LogPath, 0, 1))
        {
            writer.Write(LogStream.Stdout, "first\n"u8, 1);
            writer.Write(LogStream.Stdout, Encoding.ASCII.GetBytes(new string('x', 50_000) + "\n"), 2);
        }

        Assert.Equal(50_001, LogRoundTripTests.ReadAll(LogPath, new LogQuery { Tail = 1 }).Sum(part => part.Length));
    }

    [Fact]
    public void SinceUntilAndStream_Choose()
    {
        WriteLines(10, maxSize: 0);

        Assert.Equal(["line 3\n", "line 4\n", "line 5\n"], LogRoundTripTests.ReadAll(LogPath, new LogQuery { Since = 3, Until = 5 }));
        Assert.Equal(["line 4\n"], LogRoundTripTests.ReadAll(LogPath, new LogQuery { Since = 3, Until = 5, Stdout = false }));
    }

    [Fact]
    public void MissingLog_IsEmpty()
    {
        Assert.Empty(LogRoundTripTests.ReadAll(LogPath, new LogQuery()));
        Assert.Empty(LogRoundTripTests.ReadAll(LogPath, new LogQuery { Tail = 5 }));
    }

    [Fact]
    public void Garbage_IsPassedOver()
    {
        File.WriteAllText(LogPath, "{\"log\":\"a\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:00Z\"}\n"
            + "{\"log\":\"torn\n\n[]\n{}\nnull\n" + new string('z', 3 << 20) + "\n{\"log\":\"\\q\"}\n"
            + "{\"time\":\"2024-01-01T00:00:01Z\",\"attrs\":{\"k\":\"v\"},\"log\":\"b\\n\",\"stream\":\"stderr\"}\n{\"log\":\"unfin");

        Assert.Equal(["a\n", "b\n"], LogRoundTripTests.ReadAll(LogPath, new LogQuery()));
        Assert.Equal(["b\n"], LogRoundTripTests.ReadAll(LogPath, new LogQuery { Tail = 1 }));
    }

    /// <summary>Two rotations between two looks put a file behind the current one that is newer than what was met before it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Files_ThatRotateDuringTheLook_ComeInOrder(int rotations)
    {
        foreach (var (name, age) in new[] { ("c", ""), ("b", ".1"), ("a", ".2") })
            File.WriteAllText(LogPath + age, name);
        using var files = new LogFiles(LogPath, path =>
        {
            for (; path.EndsWith(".1", StringComparison.Ordinal) && rotations > 0; rotations--)
                Rotate($"{(char)('g' - rotations)}");
            return File.Exists(path) ? File.OpenHandle(path) : null;
        });

        var found = files.OpenAll();

        var names = string.Concat(found.Select(file =>
        {
            var name = new byte[1];
            RandomAccess.Read(file, name, 0);
            file.Dispose();
            return (char)name[0];
        }));
        Assert.Equal(string.Concat(names.Order()), names);
        Assert.StartsWith("abc", names, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_WhileAWriterRotates_MissesNothing()
    {
        const int count = 20_000;
        using var end = EventFd.Create();
        var writing = Task.Run(() =>
        {
            WriteLines(count, maxSize: 20_000, maxFiles: 1000);
            end.Set();
        }, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"line {i}\n"), Follow(new LogQuery(), end));
        await writing;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Rotate(string name)
    {
        for (var age = Directory.GetFiles(_directory).Length; age > 0; age--)
            File.Move(age == 1 ? LogPath : $"{LogPath}.{age - 1}", $"{LogPath}.{age}");
        File.WriteAllText(LogPath, name);
    }

    private List<string> Follow(LogQuery query, EventFd end)
    {
        var lines = new List<string>();
        using var changes = Inotify.WatchDirectory(_directory);
        using var reader = new LogReader(LogPath, query);
        for (var last = false; ;)
        {
            while (reader.Read(out var entry))
                lines.Add(Encoding.ASCII.GetString(entry.Bytes));
            if (last)
                return lines;
            Span<PollItem> items = [new(changes.Handle, PollEvents.Read), new(end.Handle, PollEvents.Read)];
            Poll.Wait(items, 5000);
            changes.Clear();
            last = Poll.Wait(end.Handle, PollEvents.Read, 0) != 0;
        }
    }

    /// <summary>Lines at times 0, 1, 2 ...; the even ones on stderr.</summary>
    private void WriteLines(int count, long maxSize, int maxFiles = 50)
    {
        using var writer = new LogWriter(LogPath, maxSize, maxFiles);
        for (var i = 0; i < count; i++)
            writer.Write(i % 2 == 0 ? LogStream.Stderr : LogStream.Stdout, Encoding.ASCII.GetBytes($"line {i}\n"), i);
    }
}
