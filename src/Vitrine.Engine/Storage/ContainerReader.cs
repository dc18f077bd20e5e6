using System.Collections.Concurrent;
using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Storage;

/// <summary>
/// Reads the files of containers. An engine that lives long reads one again only when it has changed: record and state are replaced
/// by rename, which changes the stamp of the directory too, and a stamp taken before the reading is never newer than what was read.
/// </summary>
/// <param name="remembers">Whether to keep what was read.</param>
internal sealed class ContainerReader(bool remembers)
{
    /// <summary>
    /// A directory that was changed a moment ago may be changed once more with the same time: the kernel's times go by its tick,
    /// which is at most 10 ms. Until then the files' own stamps decide, as a file that was renamed in is another inode.
    /// </summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private static readonly ContainerState s_neverStarted = new();

    private readonly ConcurrentDictionary<string, Kept> _kept = new();

    /// <summary>A container's record and state; null where it is gone.</summary>
    /// <exception cref="VitrineException">Internal: a file is damaged.</exception>
    public (ContainerRecord Record, ContainerState State)? Read(ContainerPaths paths)
    {
        if (!remembers)
            return ContainerFiles.ReadRecord(paths) is { } read ? (read, ContainerFiles.ReadState(paths)) : null;
        var settled = DateTime.UtcNow - s_tick;
        if (FileStamp.Of(paths.Directory) is not { } directory)
            return null;
        _kept.TryGetValue(paths.Directory, out var kept);
        if (kept is not null && kept.IsSettled && kept.Directory == directory)
            return (kept.Record, kept.State);
        if (FileStamp.Of(paths.Record) is not { } recordStamp
            || (kept?.RecordStamp == recordStamp ? kept.Record : ContainerFiles.ReadRecord(paths)) is not { } record)
            return null;
        var stateStamp = FileStamp.Of(paths.State);
        var state = stateStamp is null ? s_neverStarted : kept?.StateStamp == stateStamp ? kept.State : ContainerFiles.ReadState(paths);
        _kept[paths.Directory] = new Kept(directory, directory.Modified.ToDateTime() < settled, recordStamp, record, stateStamp, state);
        return (record, state);
    }

    /// <summary>Forgets containers that are gone, once they are many.</summary>
    /// <param name="existing">How many there are.</param>
    public void Trim(int existing)
    {
        // What is forgotten too much is read again.
        if (_kept.Count > 2 * existing + 64)
            _kept.Clear();
    }

    private sealed record Kept(FileStamp Directory, bool IsSettled, FileStamp RecordStamp, ContainerRecord Record, FileStamp? StateStamp, ContainerState State);
}
