namespace Vitrine.Insight;

/// <summary>What the process has open beside its standard streams; sockets that listen are in the network's section.</summary>
public sealed record OpenFileSection : Section
{
    /// <summary>By their numbers, at most 4096.</summary>
    public IReadOnlyList<OpenFileFact> Files { get; init; } = [];
}

public sealed record OpenFileFact
{
    public required int Number { get; init; }

    /// <summary>file, socket, pipe, device, memory, kernel (an object without a name, as epoll) or other.</summary>
    public required string Kind { get; init; }

    /// <summary>What /proc/PID/fd says: a path, <c>socket:[inode]</c>, <c>anon_inode:[eventpoll]</c>.</summary>
    public required string Target { get; init; }

    /// <summary>r, w or rw; null where it is not told.</summary>
    public string? Access { get; init; }

    /// <summary>Whether the name is gone, and only who has it open can reach it.</summary>
    public bool Deleted { get; init; }

    /// <summary>
    /// Whether it lies on a mount that is not in the process's mount table: it was opened elsewhere, and leads out of the container.
    /// </summary>
    public bool Outside { get; init; }
}
