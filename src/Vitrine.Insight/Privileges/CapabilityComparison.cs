using Vitrine.Linux;

namespace Vitrine.Insight.Privileges;

/// <summary>One set of two sides.</summary>
public sealed record ComparedSet(string Name, CapabilitySet Left, CapabilitySet Right)
{
    public CapabilitySet OnlyLeft => Left - Right;
    public CapabilitySet OnlyRight => Right - Left;
    public CapabilitySet Both => Left & Right;
}

/// <summary>The capability sets of two sides, each a process or one set on its own.</summary>
public sealed record CapabilityComparison(string Left, string Right, IReadOnlyList<ComparedSet> Sets)
{
    /// <summary>Whether no set differs.</summary>
    public bool IsSame => Sets.All(set => set.Left == set.Right);

    /// <summary>
    /// Two processes are compared set by set. A set on its own is what a process could have at most, so it is compared with
    /// the bounding set.
    /// </summary>
    public static CapabilityComparison Of(CapabilitySide left, CapabilitySide right) => (left.Process, right.Process) switch
    {
        ({ } one, { } other) => new(left.Name, right.Name, [.. one.Sets.Zip(other.Sets, (a, b) => new ComparedSet(a.Name, a.Set, b.Set))]),
        _ => new(left.Name, right.Name, [new ComparedSet("bounding", left.Ceiling, right.Ceiling)]),
    };
}

/// <summary>A process, or a set.</summary>
public sealed record CapabilitySide(string Name, ProcessCapabilities? Process, CapabilitySet Set)
{
    /// <summary>What it could have at most.</summary>
    public CapabilitySet Ceiling => Process?.Bounding ?? Set;
}
