using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

public sealed class SeqpacketSocketTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-socket").FullName;

    [Fact]
    public void Receive_EachSend_IsOnePacket()
    {
        var (a, b) = SeqpacketSocket.Pair();
        using (a)
        using (b)
        {
            Assert.True(a.Send("he"u8, "ad"u8, wait: true));
            Assert.True(a.Send("x"u8, default, wait: true));
            var buffer = new byte[10];

            Assert.Equal(4, b.Receive(buffer, wait: true).Length);
            Assert.Equal("head"u8, buffer.AsSpan(0, 4));
            Assert.Equal(1, b.Receive(buffer, wait: true).Length);
            Assert.Equal(ReceiveStatus.WouldBlock, b.Receive(buffer, wait: false).Status);
            a.Dispose();
            Assert.Equal(ReceiveStatus.Closed, b.Receive(buffer, wait: true).Status);
            Assert.Equal(Errno.EPIPE, Assert.Throws<LinuxException>(() => b.Send("x"u8, default, wait: true)).Errno);
        }
    }

    [Fact]
    public void Receive_FromOneThatLeftWithoutReading_HasItsLastWords()
    {
        var (a, b) = SeqpacketSocket.Pair();
        using (a)
        using (b)
        {
            b.Send("unread"u8, default, wait: true);
            a.Send("last"u8, default, wait: true);
            a.Dispose();
            var buffer = new byte[10];

            Assert.Equal(4, b.Receive(buffer, wait: true).Length);
            Assert.Equal(ReceiveStatus.Closed, b.Receive(buffer, wait: true).Status);
        }
    }

    [Fact]
    public void Receive_LongerThanTheBuffer_IsTooLongAndTheNextIsFine()
    {
        var (a, b) = SeqpacketSocket.Pair();
        using (a)
        using (b)
        {
            using var pipe = Pipe.Create();
            a.Send("0123456789"u8, default, [pipe.Reader], wait: true);
            a.Send("ok"u8, default, wait: true);
            var buffer = new byte[5];

            Assert.Equal(ReceiveStatus.TooLong, b.Receive(buffer, wait: true).Status);
            Assert.Equal(2, b.Receive(buffer, wait: true).Length);
        }
    }

    [Fact]
    public void Connect_DirectoryWithALongPath_Works()
    {
        var deep = Directory.CreateDirectory(Path.Combine(_directory, new string('d', 120), new string('e', 120))).FullName;
        using var listener = SeqpacketSocket.Listen(deep, "shim.sock");
        Assert.Null(listener.Accept());
        using var client = SeqpacketSocket.Connect(deep, "shim.sock");
        using var server = listener.Accept();

        Assert.NotNull(server);
        server.Send("hi"u8, default, wait: true);
        Assert.Equal(2, client.Receive(new byte[10], wait: true).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(deep, "shim.sock")));
    }

    [Fact]
    public void Listen_NameTaken_SaysEADDRINUSE()
    {
        using var first = SeqpacketSocket.Listen(_directory, "s");

        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<LinuxException>(() => SeqpacketSocket.Listen(_directory, "s")).Errno);
    }

    [Fact]
    public void Listen_NameTooLong_SaysSo() =>
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<LinuxException>(() => SeqpacketSocket.Listen(_directory, new string('n', 120))).Errno);

    [Fact]
    public void TryAdopt_NoSeqpacketSocket_IsNull()
    {
        using var pipe = Pipe.Create();

        Assert.Null(SeqpacketSocket.TryAdopt(pipe.Reader));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
