using System.Buffers;
using System.Buffers.Binary;
using Vitrine.Api.Http;
using Vitrine.Engine;

namespace Vitrine.Api.Streams;

/// <summary>Docker's multiplexed stream: before each piece its stream, three zeros and its length, big-endian.</summary>
internal static class Frame
{
    public const string Multiplexed = "application/vnd.docker.multiplexed-stream";
    public const string Raw = "application/vnd.docker.raw-stream";

    private const int HeaderLength = 8;

    /// <summary>The content type of a stream: frames had the raw type before version 1.42.</summary>
    public static string ContentType(Routing.ApiVersion version, bool tty) => version.Has(42) && !tty ? Multiplexed : Raw;

    public static void Write(IBufferWriter<byte> output, OutputStream stream, ReadOnlySpan<byte> bytes)
    {
        var header = output.GetSpan(HeaderLength)[..HeaderLength];
        header.Clear();
        header[0] = (byte)stream;
        BinaryPrimitives.WriteInt32BigEndian(header[4..], bytes.Length);
        output.Advance(HeaderLength);
        output.Put(bytes);
    }
}
