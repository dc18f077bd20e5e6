using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Images.Layers;

/// <summary>
/// What is below a layer that is being unpacked. Its hard links may lead to files down there: such a file is copied up into the
/// layer, as overlayfs does when a container links to one, and the link is made to the copy.
/// </summary>
/// <param name="open">Opens the layers below, and the one that is unpacked on top; asked at the first such link, which few layers have.</param>
/// <param name="limits">Bounds what may be copied more than once.</param>
internal sealed class LowerLayers(Func<LayeredTree> open, LayerLimits limits) : IDisposable
{
    private readonly List<TreeFile> _copied = [];
    private readonly HashSet<(DeviceNumber Device, ulong Inode)> _sources = [];
    private LayeredTree? _tree;
    private ulong _repeated;

    /// <summary>Sees to it that the layer itself has what is at a path of the whole tree.</summary>
    /// <param name="path">A clean path; links in it are followed inside the tree, one at its end is not.</param>
    /// <param name="made">Told of each directory that this takes.</param>
    /// <returns>Its real path; null where the tree has nothing there.</returns>
    /// <exception cref="VitrineException">Invalid: it is a directory.</exception>
    /// <exception cref="LowerLayerAbsentException">A layer below is not there yet.</exception>
    public byte[]? CopyUp(ReadOnlySpan<byte> path, Action<TreeFile> made)
    {
        _tree ??= open();
        if (_tree.Locate(path) is not { } file)
            return null;
        if (file.Status.Kind == FileKind.Directory)
            throw new VitrineException(ErrorKind.Invalid, $"invalid layer: a hard link to '{CString.Display(path)}', which is a directory");
        if (file.IsOnTop)
            return file.Path;
        CheckRepeated(file.Status);
        var copied = _tree.CopyUp(file);
        _copied.AddRange(copied);
        copied.SkipLast(1).ToList().ForEach(made);
        return file.Path;
    }

    /// <summary>
    /// A whiteout says that nothing from below is seen at a path and below it: neither are copies, which are the lower layers' still.
    /// </summary>
    /// <returns>Whether anything was removed.</returns>
    public bool Hide(SafeFileHandle root, ReadOnlySpan<byte> path)
    {
        var before = _copied.Count;
        for (var i = _copied.Count - 1; i >= 0; i--)
        {
            var file = _copied[i];
            if (!IsWithin(file.Path, path))
                continue;

            // A directory stays where the layer has put files into it.
            if (file.Status.Kind == FileKind.Directory)
                FileAt.TryRemoveDirectory(root, file.Path);
            else
                FileAt.TryUnlink(root, file.Path);
            _copied.RemoveAt(i);
        }

        return _copied.Count != before;
    }

    /// <summary>The layer's archive has named a directory, or put something of its own in the place of a copy.</summary>
    public void Forget(ReadOnlySpan<byte> path, bool withContent)
    {
        for (var i = _copied.Count - 1; i >= 0; i--)
        {
            if (withContent ? IsWithin(_copied[i].Path, path) : path.SequenceEqual(_copied[i].Path))
                _copied.RemoveAt(i);
        }
    }

    public void Dispose() => _tree?.Dispose();

    private static bool IsWithin(ReadOnlySpan<byte> path, ReadOnlySpan<byte> directory) =>
        directory.IsEmpty || (path.StartsWith(directory) && (path.Length == directory.Length || path[directory.Length] == '/'));

    /// <summary>An archive of a few bytes that links to a large file, replaces the copy and links to the file again must come to an end.</summary>
    private void CheckRepeated(FileStatus status)
    {
        if (_sources.Add((status.Device, status.Inode)))
            return;
        _repeated += status.Size;
        if (_repeated > (ulong)limits.RatioFreeBytes)
            throw new VitrineException(ErrorKind.Invalid, "layer copies files of lower layers again and again: refused as a decompression bomb");
    }
}

/// <summary>A layer cannot be unpacked before those below it: it has hard links to their files.</summary>
internal sealed class LowerLayerAbsentException() : Exception("a layer below is not unpacked yet");
