using System.Collections.Concurrent;
using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Storage;

/// <summary>
/// Reads the files of containers. An engine that lives long reads one again only when it has changed: records are replaced by
/// rename, and a stamp taken before the reading is never newer than what was read.
/// </summary>
/// <param name="remembers">Whether to keep what was read.</param>
internal sealed class ContainerReader(bool remembers)
{
    private static readonly ContainerState s_neverStarted = new();

    private readonly ConcurrentDictionary<string, (FileStamp Stamp, object Content)> _kept = new();

    /// <inheritdoc cref="ContainerFiles.ReadRecord"/>
    public ContainerRecord? Record(ContainerPaths paths) =>
        remembers ? Kept(paths.Record, paths, ContainerFiles.ReadRecord) : ContainerFiles.ReadRecord(paths);

    /// <inheritdoc cref="ContainerFiles.ReadState"/>
    public ContainerState State(ContainerPaths paths) =>
        remembers ? Kept(paths.State, paths, ContainerFiles.ReadState) ?? s_neverStarted : ContainerFiles.ReadState(paths);

    /// <summary>Forgets containers that are gone, once they are many.</summary>
    /// <param name="existing">How many there are.</param>
    public void Trim(int existing)
    {
        // Two files each; what is forgotten too much is read again.
        if (_kept.Count > 4 * existing + 64)
            _kept.Clear();
    }

    private T? Kept<T>(string path, ContainerPaths paths, Func<ContainerPaths, T?> read)
        where T : class
    {
        if (FileStamp.Of(path) is not { } stamp)
            return null;
        if (_kept.TryGetValue(path, out var kept) && kept.Stamp == stamp)
            return (T)kept.Content;
        if (read(paths) is not { } content)
            return null;
        _kept[path] = (stamp, content);
        return content;
    }
}
