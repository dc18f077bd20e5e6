namespace Vitrine.Images.Layers;

/// <summary>The name of a layer entry, made clean: relative to the layer's root, without empty parts, "." or "..".</summary>
internal readonly ref struct LayerPath
{
    private LayerPath(ReadOnlySpan<byte> whole)
    {
        Whole = whole;
        var slash = whole.LastIndexOf((byte)'/');
        Parent = slash < 0 ? default : whole[..slash];
        Name = whole[(slash + 1)..];
    }

    /// <summary>The path without leading or trailing slash; empty for the root.</summary>
    public ReadOnlySpan<byte> Whole { get; }

    /// <summary>All but the last part; empty for the root.</summary>
    public ReadOnlySpan<byte> Parent { get; }

    public ReadOnlySpan<byte> Name { get; }

    public bool IsRoot => Whole.IsEmpty;

    /// <summary>
    /// Cleans <paramref name="raw"/> as text alone, as docker does before it looks at any file: "a/../b" is "b" whatever "a" is.
    /// </summary>
    /// <param name="raw">The name in the archive. A leading slash counts for nothing.</param>
    /// <param name="buffer">Takes the result; at least as long as <paramref name="raw"/> and <paramref name="below"/> and a slash.</param>
    /// <param name="path">The clean path.</param>
    /// <param name="below">A clean path that the result is put below, and that ".." does not leave.</param>
    /// <returns>False when the name leads out of the root.</returns>
    public static bool TryClean(ReadOnlySpan<byte> raw, Span<byte> buffer, out LayerPath path, ReadOnlySpan<byte> below = default)
    {
        below.CopyTo(buffer);
        var length = below.Length;
        path = default;
        while (!raw.IsEmpty)
        {
            var slash = raw.IndexOf((byte)'/');
            var part = slash < 0 ? raw : raw[..slash];
            raw = slash < 0 ? default : raw[(slash + 1)..];
            if (part.IsEmpty || part.SequenceEqual("."u8))
                continue;
            if (part.SequenceEqual(".."u8))
            {
                if (length == below.Length)
                    return false;
                length = Math.Max(below.Length, buffer[..length].LastIndexOf((byte)'/'));
                continue;
            }

            if (length > 0)
                buffer[length++] = (byte)'/';
            part.CopyTo(buffer[length..]);
            length += part.Length;
        }

        path = new LayerPath(buffer[..length]);
        return true;
    }
}
