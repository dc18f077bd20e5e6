using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>Random identifiers from getrandom(2), without loading a crypto library.</summary>
public static partial class Entropy
{
    /// <summary>Fills a buffer of at most 256 bytes, which getrandom(2) never shortens.</summary>
    public static unsafe void Fill(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffer.Length, 256);
        fixed (byte* start = buffer)
        {
            Check.Result(GetRandom(start, (nuint)buffer.Length, 0), "getrandom");
        }
    }

    /// <summary>A new 64-digit lower-case hexadecimal identifier, as Docker gives containers.</summary>
    public static string NewId()
    {
        Span<byte> bytes = stackalloc byte[32];
        Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static unsafe partial nint GetRandom(byte* buffer, nuint length, uint flags);
}
