namespace Vitrine.Insight;

/// <summary>The five capability sets, by name (CAP_CHOWN...), compared with what docker gives by default.</summary>
public sealed record CapabilitySection : Section
{
    public IReadOnlyList<string> Effective { get; init; } = [];
    public IReadOnlyList<string> Permitted { get; init; } = [];
    public IReadOnlyList<string> Inheritable { get; init; } = [];
    public IReadOnlyList<string> Bounding { get; init; } = [];
    public IReadOnlyList<string> Ambient { get; init; } = [];

    /// <summary>In the bounding set but not in docker's default.</summary>
    public IReadOnlyList<CapabilityFact> Added { get; init; } = [];

    /// <summary>In docker's default but not in the bounding set.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Whether the bounding set holds every capability that the host's first process has: what --privileged gives.</summary>
    public bool All { get; init; }
}

/// <summary>A capability and what it is good for in the hands of an attacker.</summary>
public sealed record CapabilityFact
{
    public required string Name { get; init; }
    public required string Meaning { get; init; }
    public required Severity Severity { get; init; }
}

public enum SeccompMode
{
    /// <summary>Every system call is allowed.</summary>
    Disabled,

    /// <summary>read, write, _exit and sigreturn only.</summary>
    Strict,

    /// <summary>A BPF program decides each call.</summary>
    Filter,

    Unknown,
}

public sealed record SeccompSection : Section
{
    public required SeccompMode Mode { get; init; }

    /// <summary>How many filters are stacked; null where the kernel does not say.</summary>
    public int? Filters { get; init; }

    /// <summary>The filter's rules by purpose of the calls; empty where the rules are not known.</summary>
    public IReadOnlyList<SyscallGroupFact> Groups { get; init; } = [];

    /// <summary>How many system calls of this machine the filter refuses; null where the rules are not known.</summary>
    public int? BlockedCount { get; init; }
}

/// <summary>System calls that serve one purpose, and what the filter does with them.</summary>
public sealed record SyscallGroupFact
{
    public required string Purpose { get; init; }
    public IReadOnlyList<string> Blocked { get; init; } = [];

    /// <summary>Allowed only with certain arguments.</summary>
    public IReadOnlyList<string> Conditional { get; init; } = [];
    public IReadOnlyList<string> Allowed { get; init; } = [];
    public required string Meaning { get; init; }
}

/// <summary>Linux security modules and no_new_privs.</summary>
public sealed record ConfinementSection : Section
{
    /// <summary>apparmor, selinux, or null where none confines the process.</summary>
    public string? Module { get; init; }

    /// <summary>AppArmor profile or SELinux context.</summary>
    public string? Label { get; init; }

    /// <summary>enforce, complain, kill, unconfined, permissive...; null where the label does not tell.</summary>
    public string? Mode { get; init; }

    public bool? NoNewPrivileges { get; init; }
}

public sealed record DeviceSection : Section
{
    /// <summary>What the device cgroup allows; empty where it is not known.</summary>
    public IReadOnlyList<DeviceRuleFact> Rules { get; init; } = [];

    /// <summary>Whether every device of the host is allowed; null where it is not known.</summary>
    public bool? AllAllowed { get; init; }
}

public sealed record DeviceRuleFact
{
    /// <summary>a (all), b (block) or c (character).</summary>
    public required char Type { get; init; }

    /// <summary>Null is every number.</summary>
    public uint? Major { get; init; }
    public uint? Minor { get; init; }

    /// <summary>Some of r (read), w (write) and m (mknod).</summary>
    public required string Access { get; init; }

    /// <summary>The usual name, for example /dev/null.</summary>
    public string? Name { get; init; }
}

public sealed record LimitSection : Section
{
    public IReadOnlyList<LimitFact> Limits { get; init; } = [];
}

/// <summary>A resource limit of the process (getrlimit(2)); null is unlimited.</summary>
public sealed record LimitFact
{
    /// <summary>As ulimit and docker's --ulimit name it: nofile, nproc, core...</summary>
    public required string Name { get; init; }
    public ulong? Soft { get; init; }
    public ulong? Hard { get; init; }
    public required string Unit { get; init; }
    public required string Meaning { get; init; }
}
