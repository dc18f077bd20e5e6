namespace Vitrine.Insight.Audit.Known;

/// <summary>A flaw of the kernel that has been used to leave containers.</summary>
/// <param name="Cve">Its number.</param>
/// <param name="Name">What it is called, or where it is.</param>
/// <param name="Introduced">The first version that has it; null for very old ones.</param>
/// <param name="Fixed">The first fixed version: of the main line last, of stable branches before.</param>
/// <param name="Needs">What an attacker in a container needs besides.</param>
public sealed record KernelFlaw(string Cve, string Name, string? Introduced, IReadOnlyList<string> Fixed, KernelNeed Needs)
{
    /// <summary>Whether a version has the flaw, by its number.</summary>
    public bool IsIn(Version version)
    {
        if (Introduced is not null && version < Of(Introduced))
            return false;
        foreach (var text in Fixed)
        {
            var repaired = Of(text);
            if (repaired.Major == version.Major && repaired.Minor == version.Minor)
                return version < repaired;
        }

        // Of a branch that was never repaired: old enough to be before the main line's repair, or behind it.
        return version < Of(Fixed[^1]);
    }

    private static Version Of(string text) => KernelVersion.Leading(text)!;
}

/// <summary>What a kernel flaw needs of the container.</summary>
public enum KernelNeed
{
    /// <summary>Ordinary system calls.</summary>
    Nothing,

    /// <summary>Capabilities in a user namespace of its own making, or in the container.</summary>
    UserNamespace,

    /// <summary>The bpf system call for ordinary users.</summary>
    Bpf,

    /// <summary>io_uring.</summary>
    IoUring,

    /// <summary>A cgroup v1 mount that it may write, or may make.</summary>
    CgroupV1,
}
