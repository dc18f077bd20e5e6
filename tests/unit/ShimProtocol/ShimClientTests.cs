using System.Text;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;
using Xunit;

namespace Vitrine.Tests.Unit.ShimProtocol;

/// <summary>The client against the other end of its connection, played by the test.</summary>
public sealed class ShimClientTests : IDisposable
{
    private readonly ShimClient _client;
    private readonly ShimChannel _shim;
    private readonly byte[] _buffer = new byte[ShimChannel.MaxPacketBytes];

    public ShimClientTests()
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        _client = new ShimClient(new ShimChannel(ours), null);
        _shim = new ShimChannel(theirs);
    }

    [Fact]
    public void Start_OutputBeforeTheAnswer_IsKeptInOrder()
    {
        _shim.Send(MessageKind.Stdout, "one"u8);
        _shim.Send(MessageKind.Stderr, "two"u8);
        _shim.Send(MessageKind.Started, ShimCodec.Write(new StartedReply { Pid = 42 }).Span);
        _shim.Send(MessageKind.Stdout, "three"u8);

        Assert.Equal(42, _client.Start(TestContext.Current.CancellationToken).Pid);

        Assert.True(_client.HasKept);
        Assert.Equal(["Stdout:one", "Stderr:two", "Stdout:three"], Enumerable.Range(0, 3).Select(_ => Next()));
        Assert.False(_client.Receive(0, out _, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void AwaitExit_ExitKeptWhileAnotherAnswerWasWaitedFor_IsFound()
    {
        _shim.Send(MessageKind.Stdout, "a"u8);
        _shim.Send(MessageKind.Exited, ShimCodec.Write(new ExitedReply { ExitCode = 3 }).Span);
        _shim.Send(MessageKind.Stdout, "b"u8);
        _shim.Send(MessageKind.Done);
        _client.Signal(1, TestContext.Current.CancellationToken);

        Assert.Equal(3, _client.AwaitExit(TestContext.Current.CancellationToken).ExitCode);
        Assert.Equal(["Stdout:a", "Stdout:b"], Enumerable.Range(0, 2).Select(_ => Next()));
    }

    [Fact]
    public void Start_Refused_ThrowsWithDockersCode()
    {
        _shim.Send(MessageKind.Failed, ShimCodec.Write(new FailedReply { Message = "no such file", ExitCode = 127 }).Span);

        var error = Assert.Throws<ShimFailedException>(() => _client.Start(TestContext.Current.CancellationToken));
        Assert.Equal(("no such file", 127), (error.Message, error.ExitCode));
    }

    [Fact]
    public void Start_AnswerOfAShimThatHasLeft_IsStillRead()
    {
        _shim.Send(MessageKind.Failed, ShimCodec.Write(new FailedReply { Message = "bad plan" }).Span);
        _shim.Dispose();

        Assert.Equal("bad plan", Assert.Throws<ShimFailedException>(() => _client.Start(TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void Wait_ShimKilled_ThrowsLost()
    {
        _shim.Dispose();

        Assert.Throws<ShimLostException>(() => _client.Wait(WaitCondition.Removed, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Receive_ConnectionEnded_IsClosed()
    {
        _shim.Dispose();

        Assert.True(_client.Receive(-1, out var message, TestContext.Current.CancellationToken));
        Assert.Equal(MessageKind.Closed, message.Kind);
    }

    [Fact]
    public void AwaitExit_Cancelled_GivesUp()
    {
        using var source = new CancellationTokenSource(20);

        Assert.Throws<OperationCanceledException>(() => _client.AwaitExit(source.Token));
    }

    [Fact]
    public void SendStdin_MoreThanAPacket_ArrivesInOrder()
    {
        var bytes = new byte[100_000];
        new Random(3).NextBytes(bytes);
        _client.SendStdin(bytes);

        var found = new List<byte>();
        while (_shim.Receive(_buffer, wait: false, out var message))
        {
            Assert.Equal(MessageKind.Stdin, message.Kind);
            found.AddRange(message.Payload.ToArray());
        }
        Assert.Equal(bytes, found);
    }

    [Fact]
    public void TrySendStdin_NobodyReads_IsFalseInTheEnd()
    {
        var sent = 0;
        while (sent < 1000 && _client.TrySendStdin(new byte[10_000]))
            sent++;

        Assert.InRange(sent, 1, 999);
    }

    [Fact]
    public void Exec_SendsRequestAndDescriptors()
    {
        using var pipe = Pipe.Create();
        _shim.Send(MessageKind.ExecStarted, ShimCodec.Write(new StartedReply { Pid = 5 }).Span);

        using var exec = _client.Exec(new ExecRequest { Process = new ProcessSpec { Args = ["id"] } }, null, pipe.Writer, null, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(5, exec.Pid);
        Assert.Null(exec.Terminal);
        Assert.True(_shim.Receive(_buffer, wait: false, out var request));
        Assert.Equal((MessageKind.Exec, 4), (request.Kind, request.Files.Count));
        var json = new byte[RandomAccess.GetLength(request.Files[0])];
        RandomAccess.Read(request.Files[0], json, 0);
        Assert.Equal(["id"], ShimCodec.ReadExec(json).Process.Args);
        Fd.WriteAll(request.Files[2], "through"u8);
        Assert.Equal(7, Fd.Read(pipe.Reader, _buffer));
        foreach (var file in request.Files)
            file.Dispose();
    }

    [Fact]
    public void TryConnect_NoShim_IsNull()
    {
        var directory = Directory.CreateTempSubdirectory("vitrine-run").FullName;
        Assert.Null(ShimClient.TryConnect(directory));
        SeqpacketSocket.Listen(directory, ShimClient.SocketName).Dispose();
        Assert.Null(ShimClient.TryConnect(directory));
        Directory.Delete(directory, recursive: true);
        Assert.Null(ShimClient.TryConnect(directory));
    }

    public void Dispose()
    {
        _client.Dispose();
        _shim.Dispose();
    }

    private string Next()
    {
        Assert.True(_client.Receive(0, out var message, TestContext.Current.CancellationToken));
        return $"{message.Kind}:{Encoding.ASCII.GetString(message.Payload.Span)}";
    }
}
