using Vitrine.Images.Tar;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <summary>
/// Reads the tar archive of a layer (image-spec layer.md) and tells a sink what to make of it: names cleaned, whiteouts
/// recognised, limits kept. What leads out of the layer is an error, whatever the sink would do with it.
/// </summary>
/// <param name="reader">The archive.</param>
/// <param name="sink">Where to.</param>
/// <param name="limits">What it may take.</param>
/// <param name="below">Null for a layer. Otherwise the archive is one of plain files, in which whiteouts mean nothing, and its names
/// are put below this clean path.</param>
internal sealed class LayerExtractor(TarReader reader, ILayerSink sink, LayerLimits limits, byte[]? below = null)
{
    private static ReadOnlySpan<byte> WhiteoutPrefix => ".wh."u8;

    private static ReadOnlySpan<byte> WhiteoutMetaPrefix => ".wh..wh."u8;

    private byte[] _pathBuffer = new byte[4096];
    private byte[] _targetBuffer = new byte[4096];

    /// <summary>Sum of the lengths of all files, in bytes: the size of the layer as docker counts it.</summary>
    public long Size { get; private set; }

    /// <summary>How many entries were read.</summary>
    public long Entries { get; private set; }

    /// <summary>Reads the whole archive.</summary>
    /// <exception cref="VitrineException">Invalid: the archive is malformed, hostile or over a limit.</exception>
    /// <exception cref="LinuxException">The sink failed: no space, no permission.</exception>
    public void Run(CancellationToken cancellation)
    {
        while (reader.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            if (++Entries > limits.MaxEntries)
                throw new VitrineException(ErrorKind.Invalid, $"{What} has more than the limit of {limits.MaxEntries} entries");
            Place(reader.Entry);
        }

        sink.Finish();
    }

    private void Place(TarEntry entry)
    {
        var path = Clean(entry.Path, ref _pathBuffer, entry);
        if (path.Whole.Length == (below?.Length ?? 0))
            PlaceRoot(entry);
        else if (below is null && path.Name.StartsWith(WhiteoutPrefix))
            PlaceWhiteout(path, entry);
        else
            PlaceFile(path, entry);
    }

    private string What => below is null ? "layer" : "archive";

    private void PlaceRoot(TarEntry entry)
    {
        // Docker keeps the root's own owner and mode (archive.Unpack): an image made from a private directory still works.
        if (entry.Type != TarType.Directory)
            throw Refuse(entry, $"the root of the {What} must be a directory");
    }

    private void PlaceWhiteout(LayerPath path, TarEntry entry)
    {
        if (path.Name.SequenceEqual(".wh..wh..opq"u8))
        {
            sink.MakeOpaque(Clean(path.Parent, ref _targetBuffer, entry));
            return;
        }

        // Other names with this prefix are AUFS's own bookkeeping.
        if (path.Name.StartsWith(WhiteoutMetaPrefix))
            return;
        var hidden = path.Name[WhiteoutPrefix.Length..];
        if (hidden.IsEmpty || hidden.SequenceEqual("."u8) || hidden.SequenceEqual(".."u8))
            throw Refuse(entry, "a whiteout of no name");
        sink.AddWhiteout(Clean([.. path.Parent, (byte)'/', .. hidden], ref _targetBuffer, entry));
    }

    private void PlaceFile(LayerPath path, TarEntry entry)
    {
        switch (entry.Type)
        {
            case TarType.Regular:
                PlaceContent(path, entry);
                break;
            case TarType.Directory:
                sink.AddDirectory(path, entry);
                break;
            case TarType.Symlink:
                sink.AddSymlink(path, entry);
                break;
            case TarType.HardLink:
                PlaceHardLink(path, entry);
                break;
            case TarType.CharacterDevice or TarType.BlockDevice or TarType.Fifo:
                sink.AddNode(path, entry);
                break;
            default:
                throw Refuse(entry, $"unhandled tar header type {(byte)entry.Type}");
        }
    }

    private void PlaceHardLink(LayerPath path, TarEntry entry)
    {
        var target = Clean(entry.LinkPath, ref _targetBuffer, entry);
        if (target.Whole.Length == (below?.Length ?? 0))
            throw Refuse(entry, "a hard link to the root");
        sink.AddHardLink(path, target);
    }

    private void PlaceContent(LayerPath path, TarEntry entry)
    {
        sink.StartFile(path, entry);
        while (reader.ReadData(out var data, out var offset))
            sink.WriteFile(data, offset);
        sink.FinishFile(path, entry);
        Size += entry.Size;
    }

    private LayerPath Clean(ReadOnlySpan<byte> raw, ref byte[] buffer, TarEntry entry)
    {
        var length = raw.Length + (below?.Length ?? 0) + 1;
        if (length > buffer.Length)
            buffer = new byte[length];
        return LayerPath.TryClean(raw, buffer, out var path, below) ? path : throw Refuse(entry, $"the name leads out of the {What}");
    }

    private VitrineException Refuse(TarEntry entry, string reason) =>
        new(ErrorKind.Invalid, entry.Type == TarType.HardLink
            ? $"invalid {What}: '{CString.Display(entry.Path)}' (link to '{CString.Display(entry.LinkPath)}'): {reason}"
            : $"invalid {What}: '{CString.Display(entry.Path)}': {reason}");
}
