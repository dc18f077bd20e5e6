using System.Buffers;
using Vitrine.Engine.Creation;
using Vitrine.Linux;

namespace Vitrine.Engine.Storage;

/// <summary>Which containers there are, and which one a name means.</summary>
internal sealed class ContainerStore
{
    /// <summary>A hidden directory younger than this may belong to somebody who has not locked it yet, though that takes microseconds.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public ContainerStore(StorePaths paths)
    {
        Paths = paths;
        Names = new NameTable(paths);
    }

    public StorePaths Paths { get; }

    public NameTable Names { get; }

    /// <summary>Makes the store's directories where they are missing, readable by their owner alone.</summary>
    public void EnsureExists()
    {
        foreach (var (root, directory) in new[]
        {
            (Paths.DataRoot, Paths.Containers), (Paths.DataRoot, Paths.Names), (Paths.DataRoot, Paths.Volumes),
            (Paths.ExecRoot, Paths.RunContainers),
        })
        {
            if (!Directory.Exists(directory))
                PrivateDirectory.Create(root, directory);
        }
    }

    /// <summary>The ids of all containers.</summary>
    public IEnumerable<string> Ids()
    {
        if (!Directory.Exists(Paths.Containers))
            return [];
        return new System.IO.Enumeration.FileSystemEnumerable<string>(Paths.Containers, (ref System.IO.Enumeration.FileSystemEntry entry) => entry.FileName.ToString())
        {
            ShouldIncludePredicate = (ref System.IO.Enumeration.FileSystemEntry entry) => IsId(entry.FileName),
        };
    }

    /// <summary>The id that a name, an id or the beginning of an id means.</summary>
    /// <exception cref="VitrineException">NotFound; Invalid where several ids begin so.</exception>
    public string Resolve(string container) => TryResolve(container) ?? throw NoSuch(container);

    /// <summary>As <see cref="Resolve"/>, but null where there is no such container.</summary>
    public string? TryResolve(string container)
    {
        var wanted = container.StartsWith('/') ? container[1..] : container;
        if (IsId(wanted) && Exists(wanted))
            return wanted;
        if (ObjectName.IsValid(wanted) && Names.Find(wanted) is { } id && IsId(id) && Exists(id))
            return id;
        if (wanted.Length == 0 || wanted.AsSpan().ContainsAnyExcept(HexDigits))
            return null;
        return Ids().Where(known => known.StartsWith(wanted, StringComparison.Ordinal)).Take(2).ToList() switch
        {
            [] => null,
            [var one] => one,
            _ => throw new VitrineException(ErrorKind.Invalid, $"Multiple IDs found with provided prefix: {wanted}"),
        };
    }

    public static VitrineException NoSuch(string container) => new(ErrorKind.NotFound, $"No such container: {container}");

    /// <summary>Deletes what creations and removals that were cut short have left.</summary>
    public void Sweep(Action<ContainerRecord> finishRemoval)
    {
        foreach (var directory in Directory.EnumerateDirectories(Paths.Containers, StorePaths.HiddenPrefix + "*"))
        {
            if (DateTime.UtcNow - Directory.GetLastWriteTimeUtc(directory) < Settled)
                continue;
            var paths = new ContainerPaths(directory, "");
            using var mine = ContainerFiles.TryLock(paths);
            if (mine is null)
                continue;
            if (Path.GetFileName(directory).StartsWith(StorePaths.HiddenPrefix + "old-", StringComparison.Ordinal)
                && ContainerFiles.ReadRecord(paths) is { } record)
                finishRemoval(record);
            FileTree.Delete(directory);
        }

        if (Directory.Exists(Paths.Names))
            Names.Sweep();
    }

    public static bool IsId(ReadOnlySpan<char> text) => text.Length == 64 && !text.ContainsAnyExcept(HexDigits);

    private bool Exists(string id) => Directory.Exists(Path.Join(Paths.Containers, id));
}
