using Vitrine.Linux.Seccomp;

namespace Vitrine.Insight.Sections;

/// <summary>System calls of this machine's architecture.</summary>
internal static class SyscallCount
{
    /// <summary>Whether this architecture has the call.</summary>
    public static bool Exists(string name) =>
        SyscallTable.Find(name) is >= 0 and var id && SyscallTable.TryGetNumber(SeccompArchitectures.Native, id, out _);

    /// <summary>How many calls the rules refuse whatever the arguments.</summary>
    public static int Blocked(SeccompRules rules)
    {
        var blocked = 0;
        for (var id = 0; id < SyscallTable.Count; id++)
        {
            if (SyscallTable.TryGetNumber(SeccompArchitectures.Native, id, out _) && rules.Of(SyscallTable.Name(id)) == SyscallVerdict.Blocked)
                blocked++;
        }

        return blocked;
    }
}
