using System.Buffers;

namespace Vitrine.Api.Http;

/// <summary>Writing bytes to a writer of the HTTP server.</summary>
internal static class Buffers
{
    /// <summary>As Write, which asks for "some" memory: the server may then return none before its answer has begun.</summary>
    public static void Put(this IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = output.GetSpan(1);
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            output.Advance(count);
            bytes = bytes[count..];
        }
    }
}
