using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>A program to start. It gets exactly the descriptors named here, default signal handling and nothing else of the parent's.</summary>
public sealed record SpawnRequest
{
    /// <summary>The program: a path, or with <see cref="SearchPath"/> a name looked up in PATH.</summary>
    public required string Program { get; init; }

    /// <summary>All arguments, the name the program is called by first; the program alone where empty.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>NAME=value entries, or null for this process's environment.</summary>
    public IReadOnlyList<string>? Environment { get; init; }

    /// <summary>Which descriptor the program gets under which number. 0, 1 and 2 are /dev/null where not named.</summary>
    public IReadOnlyDictionary<int, SafeFileHandle> Descriptors { get; init; } = new Dictionary<int, SafeFileHandle>();

    /// <summary>Look the program up in PATH.</summary>
    public bool SearchPath { get; init; }

    /// <summary>Start a session of its own (setsid(2)): no terminal's signals and hang-ups reach it.</summary>
    public bool NewSession { get; init; }

    /// <summary>Where it starts, or null for this process's directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Signals that are blocked in the program from its first instruction on; none otherwise.</summary>
    public IReadOnlyList<int> BlockedSignals { get; init; } = [];
}
