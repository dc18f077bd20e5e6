using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.ShimProtocol.Logs;
using Xunit;

namespace Vitrine.Tests.Unit.ShimProtocol;

public sealed class LogRoundTripTests : IDisposable
{
    private const long Noon = 1_700_000_000_123_456_780;

    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-log").FullName;

    private string LogPath => Path.Combine(_directory, "log.jsonl");

    [Fact]
    public void AnyBytes_InAnyChunks_ComeOutTheSameForEachStream()
    {
        Prop.ForAll(Outputs().ToArbitrary(), chunks => Writes(chunks, maxSize: 0, maxFiles: 1)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AnyBytes_AcrossRotation_ComeOutTheSameForEachStream()
    {
        Prop.ForAll(Outputs().ToArbitrary(), chunks => Writes(chunks, maxSize: 5000, maxFiles: 10_000)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void File_IsDockersFormatToTheByte()
    {
        using (var writer = new LogWriter(LogPath, 0, 1))
        {
            writer.Write(LogStream.Stdout, "say \"hi\"\\\t\u00e9\u0001\n"u8, Noon);
            writer.Write(LogStream.Stderr, "no end"u8, Noon + 20);
            writer.End(LogStream.Stderr, Noon + 30);
        }

        Assert.Equal("""
            {"log":"say \"hi\"\\\té\u0001\n","stream":"stdout","time":"2023-11-14T22:13:20.12345678Z"}
            {"log":"no end","stream":"stderr","time":"2023-11-14T22:13:20.12345681Z"}

            """, File.ReadAllText(LogPath));
    }

    [Fact]
    public void LongLine_IsCutAtCharactersAndOnlyItsFirstEntryStartsALine()
    {
        var line = string.Concat(Enumerable.Repeat("a€", 12_000)) + "\n";
        using (var writer = new LogWriter(LogPath, 0, 1))
            writer.Write(LogStream.Stdout, Encoding.UTF8.GetBytes(line), Noon);

        using var reader = new LogReader(LogPath, new LogQuery());
        var text = new StringBuilder();
        var entries = 0;
        while (reader.Read(out var entry))
        {
            Assert.Equal(entries == 0, entry.StartsLine);
            Assert.True(entry.Bytes.Length <= LogWriter.MaxEntryBytes);
            text.Append(Encoding.UTF8.GetString(entry.Bytes));
            entries++;
        }
        Assert.Equal(3, entries);
        Assert.Equal(line, text.ToString());
        Assert.DoesNotContain("\\u", File.ReadAllText(LogPath), StringComparison.Ordinal);
    }

    [Fact]
    public void Rotation_KeepsSoManyFilesOfAboutTheSize()
    {
        using (var writer = new LogWriter(LogPath, 1000, 3))
        {
            for (var i = 0; i < 200; i++)
                writer.Write(LogStream.Stdout, Encoding.ASCII.GetBytes($"line {i}\n"), Noon + i);
        }

        Assert.Equal(["log.jsonl", "log.jsonl.1", "log.jsonl.2"], Directory.GetFiles(_directory).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(_directory), file => Assert.InRange(new FileInfo(file).Length, 1, 1100));
        Assert.Equal("line 199\n", ReadAll(LogPath, new LogQuery()).Last());
    }

    [Fact]
    public void Rotation_OneFile_StartsAgain()
    {
        using (var writer = new LogWriter(LogPath, 200, 1))
        {
            for (var i = 0; i < 20; i++)
                writer.Write(LogStream.Stdout, "0123456789\n"u8, Noon);
        }

        Assert.Single(Directory.GetFiles(_directory));
        Assert.InRange(new FileInfo(LogPath).Length, 1, 300);
    }

    [Fact]
    public void Writer_AfterACrashInAnEntry_StartsOnALineOfItsOwn()
    {
        File.WriteAllText(LogPath, """{"log":"half""");
        using (var writer = new LogWriter(LogPath, 0, 1))
            writer.Write(LogStream.Stdout, "whole\n"u8, Noon);

        Assert.Equal(["whole\n"], ReadAll(LogPath, new LogQuery()));
    }

    [Fact]
    public void Writer_FullDisk_CountsWhatIsLostAndGoesOn()
    {
        using var writer = new LogWriter("/dev/full", 0, 1);
        writer.Write(LogStream.Stdout, "lost\n"u8, Noon);

        Assert.True(writer.LostBytes > 0);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    internal static List<string> ReadAll(string path, LogQuery query)
    {
        using var reader = new LogReader(path, query);
        var lines = new List<string>();
        while (reader.Read(out var entry))
            lines.Add(Encoding.Latin1.GetString(entry.Bytes));
        return lines;
    }

    private bool Writes((bool Error, byte[] Bytes)[] chunks, long maxSize, int maxFiles)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_directory, Guid.CreateVersion7().ToString("N"))).FullName;
        var path = Path.Combine(directory, "log.jsonl");
        var expected = new MemoryStream[] { new(), new() };
        using (var writer = new LogWriter(path, maxSize, maxFiles))
        {
            foreach (var (error, bytes) in chunks)
            {
                expected[error ? 1 : 0].Write(bytes);
                writer.Write(error ? LogStream.Stderr : LogStream.Stdout, bytes, Noon);
            }
            writer.End(LogStream.Stdout, Noon);
            writer.End(LogStream.Stderr, Noon);
        }

        var found = new MemoryStream[] { new(), new() };
        using (var reader = new LogReader(path, new LogQuery()))
        {
            while (reader.Read(out var entry))
                found[entry.Stream is LogStream.Stderr ? 1 : 0].Write(entry.Bytes);
        }
        return expected.Zip(found).All(pair => pair.First.ToArray().SequenceEqual(pair.Second.ToArray()));
    }

    /// <summary>Chunks that are rich in newlines, quotes, UTF-8 in pieces and long runs.</summary>
    private static Gen<(bool Error, byte[] Bytes)[]> Outputs()
    {
        var any = ArbMap.Default.GeneratorFor<byte[]>();
        var text = Gen.Elements("line\n", "\n", "\"\\", "\u20ac\U0001F600\n", "\r\n", "\0\u007f", "no newline").Select(Encoding.UTF8.GetBytes);
        var torn = Gen.Elements<byte[]>([0xE2, 0x82], [0xAC], [0xF0, 0x9F], [0xED, 0xB2, 0x80], [0xFF]);
        var run = Gen.Choose(16_000, 40_000).Select(length => Encoding.UTF8.GetBytes(new string('é', length / 2)));
        var chunk = Gen.Frequency((4, any), (6, text), (3, torn), (1, run));
        return Gen.Zip(ArbMap.Default.GeneratorFor<bool>(), chunk).Select(pair => (pair.Item1, pair.Item2)).ArrayOf();
    }
}
