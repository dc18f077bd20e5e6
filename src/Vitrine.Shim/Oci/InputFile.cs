using Vitrine.Linux;

namespace Vitrine.Shim.Oci;

/// <summary>Files that callers give, which may be pipes that are still being written.</summary>
internal static class InputFile
{
    private const int LongestFile = 1 << 20;

    /// <summary>Reads to the end.</summary>
    /// <exception cref="VitrineException">It is longer than a description of anything may be.</exception>
    public static byte[] Read(string path)
    {
        using var file = Fd.Open(path, OpenFlags.ReadOnly);
        var text = new byte[4096];
        var length = 0;
        while (true)
        {
            var count = Fd.Read(file, text.AsSpan(length));
            if (count == 0)
                return text[..length];
            if (count < 0)
                Poll.Wait(file, PollEvents.Read, -1);
            length += Math.Max(count, 0);
            if (length > LongestFile)
                throw new VitrineException(ErrorKind.Invalid, $"{path}: more than the {LongestFile} bytes that it may have");
            if (length == text.Length)
                Array.Resize(ref text, 2 * length);
        }
    }
}
