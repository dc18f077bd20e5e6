using Vitrine.Linux;

namespace Vitrine.Insight.Audit;

/// <summary>What to audit.</summary>
public sealed record AuditRequest
{
    public IReadOnlyList<ExplainTarget> Containers { get; init; } = [];

    /// <summary>The kernel's settings and the engines'.</summary>
    public bool Host { get; init; }

    /// <summary>Paths of sockets, or tcp://HOST:PORT.</summary>
    public IReadOnlyList<string> Sockets { get; init; } = [];
}

/// <summary>How to audit.</summary>
public sealed record AuditOptions
{
    /// <summary>Put before every absolute path of the host that is read; empty for the real host.</summary>
    public string HostRoot { get; init; } = "";

    /// <summary>Ids of the only rules to apply; all where empty.</summary>
    public IReadOnlyCollection<string> Rules { get; init; } = [];

    /// <summary>Ids of rules that are left out.</summary>
    public IReadOnlyCollection<string> Ignored { get; init; } = [];

    /// <summary>Findings below are left out.</summary>
    public Severity Least { get; init; } = Severity.Note;

    /// <summary>How long files may be looked at for set-user-id programs, all containers together.</summary>
    public TimeSpan FileBudget { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Looks at every precondition of a way out; else a closed one has the one that closes it, and those before.</summary>
    public bool Whole { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Asks a program of the host for its version; null asks none.</summary>
    internal Func<string, string?>? AskVersion { get; init; } = InstalledPrograms.Ask;

    /// <summary>Reads a package's packed change log by its path; null where it is not there.</summary>
    internal Func<string, string?> Changelog { get; init; } = InstalledPrograms.Unpack;

    /// <summary>Looks at files of a container, by the pid of its process.</summary>
    internal Func<int, ContainerFiles>? Files { get; init; }

    /// <summary>What files of the host are; null looks at them.</summary>
    internal Func<string, FileStatus?>? Stat { get; init; }

    /// <summary>How containers are explained; null as on the real host.</summary>
    internal ExplainOptions? Explain { get; init; }

    internal bool Wants(RuleInfo rule) =>
        (Rules.Count == 0 || Rules.Contains(rule.Id, StringComparer.OrdinalIgnoreCase)) && !Ignored.Contains(rule.Id, StringComparer.OrdinalIgnoreCase);
}
