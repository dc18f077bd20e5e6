namespace Vitrine.Insight;

/// <summary>Environment and arguments, secrets hidden.</summary>
public sealed record SecretSection : Section
{
    public IReadOnlyList<EnvironmentVariable> Environment { get; init; } = [];

    /// <summary>The arguments of the process; what looks like a secret is replaced.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyList<SecretFinding> Findings { get; init; } = [];
}

public sealed record EnvironmentVariable
{
    public required string Name { get; init; }

    /// <summary>The value, or what stands for it where it looks like a secret.</summary>
    public required string Value { get; init; }

    public required bool Hidden { get; init; }

    /// <summary>The engine's file that has it, where the process's own environment no longer does.</summary>
    public string? Source { get; init; }
}

public enum SecretPlace
{
    Environment,

    Arguments,
}

/// <summary>Something that looks like a secret, where it is and who can read it there.</summary>
public sealed record SecretFinding
{
    public required SecretPlace Place { get; init; }

    /// <summary>The variable, the option or the number of the argument.</summary>
    public required string Name { get; init; }

    /// <summary>What it looks like: password, AWS access key, JSON web token...</summary>
    public required string Kind { get; init; }

    /// <summary>How sure: certain (its form is unmistakable), likely (its name says so) or possible (it looks random).</summary>
    public required string Confidence { get; init; }

    /// <summary>The file that it was found in.</summary>
    public string? Source { get; init; }

    /// <summary>Characters.</summary>
    public required int Length { get; init; }

    /// <summary>
    /// Eight hexadecimal digits that are equal for equal values on this host until it reboots (keyed with the boot id), and
    /// tell nothing elsewhere.
    /// </summary>
    public required string Fingerprint { get; init; }

    /// <summary>Where it can be read, by whom.</summary>
    public required IReadOnlyList<string> LeaksAt { get; init; }

    /// <summary>The value; only where revealing was asked for.</summary>
    public string? Value { get; init; }
}
