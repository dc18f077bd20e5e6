using System.Runtime.InteropServices;

namespace Vitrine.Linux.Seccomp;

/// <summary>
/// Compiles a filter to classic BPF (Documentation/userspace-api/seccomp_filter.rst):
/// <list type="number">
/// <item>rules are sorted by system call, see <see cref="RuleTable"/>;</item>
/// <item>for each ABI, call numbers with equal outcome become ranges, see <see cref="AbiRanges"/>;</item>
/// <item>the ranges become a balanced binary search over the call number, see <see cref="DecisionTree"/>;</item>
/// <item>a dispatch on the AUDIT_ARCH value stands before all.</item>
/// </list>
/// </summary>
public static class SeccompCompiler
{
    /// <summary>Compiles a filter. Pure: no system call is made.</summary>
    /// <exception cref="SeccompException">A rule is malformed or the program would be longer than the kernel takes.</exception>
    public static SeccompProgram Compile(SeccompFilter filter)
    {
        var rules = new RuleTable(filter); // 1
        var listed = Listed(filter);
        var writer = new BpfWriter();
        var chains = new ArgumentChains(writer);
        var entry = writer.Answer(filter.ForeignArchitectureAction);
        foreach (var (first, second) in AuditGroups)
        {
            if (!listed[(int)first] && !listed[(int)second])
                continue;
            var ranges = new List<DecisionRange>(256);
            AppendRanges(ranges, chains, rules, filter, listed, first); // 2
            if (first != second)
                AppendRanges(ranges, chains, rules, filter, listed, second);
            var search = DecisionTree.Write(writer, CollectionsMarshal.AsSpan(ranges)); // 3
            search = writer.Load(BpfWriter.NumberWord, search);
            entry = writer.Branch(BpfWriter.JumpEqual, first.AuditValue(), search, entry); // 4
        }

        writer.Load(BpfWriter.ArchitectureWord, entry);
        return new SeccompProgram(writer.ToProgram(), filter.Flags, rules.UnknownNames);
    }

    /// <summary>ABIs that share an AUDIT_ARCH value, the one asked for first at run time last.</summary>
    private static ReadOnlySpan<(SeccompArchitecture First, SeccompArchitecture Second)> AuditGroups => new[]
    {
        (SeccompArchitecture.Arm, SeccompArchitecture.Arm),
        (SeccompArchitecture.Arm64, SeccompArchitecture.Arm64),
        (SeccompArchitecture.X86, SeccompArchitecture.X86),
        (SeccompArchitecture.X64, SeccompArchitecture.X32),
    };

    private static bool[] Listed(SeccompFilter filter)
    {
        var listed = new bool[(int)SeccompArchitecture.Arm + 1];
        foreach (var architecture in filter.Architectures)
            listed[(int)architecture] = true;
        if (filter.Architectures.Count == 0)
            listed[(int)SeccompArchitectures.Native] = true;
        return listed;
    }

    private static void AppendRanges(List<DecisionRange> ranges, ArgumentChains chains, RuleTable rules, SeccompFilter filter,
        bool[] listed, SeccompArchitecture architecture)
    {
        if (listed[(int)architecture])
            AbiRanges.Append(ranges, chains, rules, filter, architecture);
        else if (architecture == SeccompArchitecture.X32)
            DecisionTree.Append(ranges, SeccompArchitectures.X32Bit, SeccompAction.Fail(Errno.ENOSYS));
        else
            DecisionTree.Append(ranges, 0, filter.ForeignArchitectureAction);
    }
}
