using Vitrine.Linux;
using Vitrine.Shim.Loop;
using Vitrine.Shim.Streams;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Logs;
using Xunit;

namespace Vitrine.Tests.Unit.Shim;

public sealed class StreamTests : IDisposable
{
    private readonly EventLoop _loop = new();

    [Fact]
    public void InputPump_MoreThanThePipeHolds_ArrivesWholeAndThenEnds()
    {
        using var pipe = Pipe.Create();
        Fd.SetNonBlocking(pipe.Reader);
        var drained = 0;
        using var pump = new InputPump(_loop, pipe.Writer, () => drained++);
        var sent = new byte[1_000_000];
        new Random(1).NextBytes(sent);
        for (var at = 0; at < sent.Length; at += 12_345)
            pump.Write(sent.AsSpan(at, Math.Min(12_345, sent.Length - at)));
        pump.CloseWhenDrained();
        Assert.True(pump.IsFull);

        var found = new List<byte>();
        _loop.RunUntil(() => HasEnded(pipe, found));

        Assert.Equal(sent, found);
        Assert.Equal(1, drained);
        Assert.False(pump.IsFull);
    }

    [Fact]
    public void InputPump_NobodyReadsAnyMore_DropsWithoutComplaint()
    {
        using var pipe = Pipe.Create();
        using var pump = new InputPump(_loop, pipe.Writer, () => { });
        pump.Write(new byte[100_000]);
        pipe.Reader.Dispose();
        var stop = _loop.Timer(() => { });
        stop.Set(20);

        _loop.RunUntil(() => stop.Due is null);
        pump.Write("more"u8);

        Assert.False(pump.IsFull);
    }

    [Fact]
    public void OutputPump_Paused_LeavesTheBytesInThePipe()
    {
        using var pipe = Pipe.Create();
        var client = new Client();
        using var pump = Output(pipe, client);
        Fd.WriteAll(pipe.Writer, "first"u8);
        _loop.RunUntil(() => client.Bytes.Count == 5);

        pump.SetPaused(true);
        Fd.WriteAll(pipe.Writer, "second"u8);
        var stop = _loop.Timer(() => { });
        stop.Set(20);
        _loop.RunUntil(() => stop.Due is null);
        Assert.Equal(5, client.Bytes.Count);

        pump.SetPaused(false);
        pipe.Writer.Dispose();
        _loop.RunUntil(() => pump.HasEnded);
        Assert.Equal("firstsecond"u8.ToArray(), client.Bytes);
    }

    [Fact]
    public void OutputPump_Finish_TakesWhatIsThereThoughThePipeIsOpen()
    {
        using var pipe = Pipe.Create();
        var client = new Client();
        using var pump = Output(pipe, client);
        Fd.WriteAll(pipe.Writer, new byte[60_000]);

        pump.Finish();

        Assert.True(pump.HasEnded);
        Assert.Equal(60_000, client.Bytes.Count);
        pump.SetPaused(false);
    }

    [Fact]
    public void OutputHub_SeveralFallBehind_KeepOneCopy()
    {
        var clients = new[] { new Client { Keeps = true }, new Client { Keeps = true } };
        new OutputHub(null, clients).Output(LogStream.Stderr, "text"u8);

        Assert.Same(clients[0].Kept, clients[1].Kept);
        Assert.Equal(MessageKind.Stderr, clients[0].Kind);
    }

    [Fact]
    public void Timer_SetAgain_FiresOnceAtTheLaterTime()
    {
        var fired = new List<long>();
        var timer = _loop.Timer(() => fired.Add(EventLoop.Now));
        var start = EventLoop.Now;
        timer.Set(5);
        timer.Set(40);

        _loop.RunUntil(() => fired.Count > 0);

        Assert.InRange(fired[0] - start, 40, 5000);
        Assert.Null(timer.Due);
    }

    public void Dispose() => _loop.Dispose();

    /// <summary>Takes all there is.</summary>
    private static bool HasEnded(Pipe pipe, List<byte> found)
    {
        var buffer = new byte[50_000];
        while (true)
        {
            var count = Fd.Read(pipe.Reader, buffer);
            if (count <= 0)
                return count == 0;
            found.AddRange(buffer.AsSpan(0, count));
        }
    }

    private OutputPump Output(Pipe pipe, Client client) =>
        new(_loop, pipe.Reader, LogStream.Stdout, new OutputHub(null, [client]), new byte[ShimChannel.MaxStreamBytes]);

    private sealed class Client : IOutputClient
    {
        public List<byte> Bytes { get; } = [];

        public bool Keeps { get; init; }

        public byte[]? Kept { get; private set; }

        public MessageKind Kind { get; private set; }

        public void Output(MessageKind kind, ReadOnlySpan<byte> bytes, ref byte[]? kept)
        {
            Kind = kind;
            Bytes.AddRange(bytes);
            if (Keeps)
                Kept = kept ??= bytes.ToArray();
        }
    }
}
