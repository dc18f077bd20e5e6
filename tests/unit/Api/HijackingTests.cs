using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Api.Hijacking;
using Xunit;

namespace Vitrine.Tests.Unit.Api;

public sealed class HijackingTests
{
    [Theory]
    [InlineData("POST /v1.44/containers/x/attach?stream=1 HTTP/1.1", true)]
    [InlineData("POST /containers/x/attach HTTP/1.1", true)]
    [InlineData("POST /v1.24/exec/x/start HTTP/1.1", true)]
    [InlineData("GET /containers/x/attach/ws HTTP/1.1", true)]
    [InlineData("GET /containers/x/attach HTTP/1.1", false)]
    [InlineData("POST /exec/x/resize?h=1&w=2 HTTP/1.1", false)]
    [InlineData("POST /containers/create?name=/exec/x/start HTTP/1.1", false)]
    [InlineData("POST /containers/x/start HTTP/1.1", false)]
    public void StreamServer_WantsWhatBecomesAStream(string line, bool wanted) => Assert.Equal(wanted, StreamServer.Wants(Parse(line)!));

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 5", 5)]
    [InlineData("POST / HTTP/1.1\r\ncontent-length:   0  ", 0)]
    [InlineData("GET / HTTP/1.0", 0)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked", -1)]
    public void RequestHead_KnowsItsBody(string head, long length) => Assert.Equal(length, Parse(head)!.BodyLength);

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: -5")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 5x")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: gzip")]
    [InlineData("POST / HTTP/1.1\r\nX: a\r\n folded")]
    [InlineData("POST / HTTP/2.0")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void RequestHead_ThatIsAmbiguous_IsLeftToTheServer(string head) => Assert.Null(Parse(head));

    [Fact]
    public void ChunkedBody_InAnyPieces_EndsWhereItEnds() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[][]>(), ArbMap.Default.ArbFor<PositiveInt>(), (chunks, step) =>
        {
            var content = chunks.Where(chunk => chunk is { Length: > 0 }).SelectMany(chunk => chunk).ToArray();
            var wire = chunks.Where(chunk => chunk is { Length: > 0 })
                .SelectMany(chunk => Encoding.ASCII.GetBytes($"{chunk.Length:x};ext=1\r\n").Concat(chunk).Concat("\r\n"u8.ToArray()))
                .Concat("0\r\nTrailer: x\r\n\r\n"u8.ToArray()).ToArray();
            var following = wire.Concat("GET "u8.ToArray()).ToArray();
            var read = new ArrayBufferWriter<byte>();
            var body = new ChunkedBody(read);
            long used = 0;
            for (var at = 0; at < following.Length && !body.HasEnded; at += step.Get)
                used += body.Feed(new ReadOnlySequence<byte>(following.AsMemory(at, Math.Min(step.Get, following.Length - at))));
            return used == wire.Length && body.HasEnded && !body.IsBroken && read.WrittenSpan.SequenceEqual(content);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ChunkedBody_OfAnyBytes_EndsOrBreaksAndNeverThrows() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        var body = new ChunkedBody();
        return body.Feed(new ReadOnlySequence<byte>(bytes)) <= bytes.Length;
    }).QuickCheckThrowOnFailure();

    private static RequestHead? Parse(string head) => RequestHead.TryParse(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(head)));
}
