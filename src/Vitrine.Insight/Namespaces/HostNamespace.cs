using Vitrine.Insight.Host;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Namespaces;

/// <summary>A namespace of this host, and who is in it.</summary>
public sealed record HostNamespace
{
    public required NamespaceKind Kind { get; init; }

    public required ulong Inode { get; init; }

    /// <summary>Host pids of the processes in it, ascending; empty for one that a file or another namespace keeps.</summary>
    public required IReadOnlyList<int> Pids { get; init; }

    /// <summary>Whether it is that of the host's first process.</summary>
    public bool IsHosts { get; init; }

    /// <summary>The containers whose processes are in it, and that of its first process first.</summary>
    public IReadOnlyList<HostContainer> Containers { get; init; } = [];

    /// <summary>Whether a process is in it that is neither in one of these containers nor its supervisor.</summary>
    public bool HoldsHostProcesses { get; init; }

    /// <summary>The number of the user whose the first process is.</summary>
    public uint? Uid { get; init; }

    /// <summary>The user's name on this host, where he has one.</summary>
    public string? User { get; init; }

    /// <summary>The first process's command line, which is its own choice; its thread's name where it has none. Foreign text.</summary>
    public string? Command { get; init; }

    /// <summary>A file that it is bound to, or null.</summary>
    public string? File { get; init; }
}
