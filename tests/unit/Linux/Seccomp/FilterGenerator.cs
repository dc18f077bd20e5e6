using FsCheck;
using FsCheck.Fluent;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

/// <summary>Filters of all shapes, for property tests.</summary>
internal static class FilterGenerator
{
    private static readonly string[] AllNames = [.. Enumerable.Range(0, SyscallTable.Count).Select(SyscallTable.Name)];

    // Calls that exist in some ABIs only, are multiplexed, lie at the edges or beside each other.
    private static readonly string[] FavouriteNames =
    [
        "read", "write", "open", "socket", "connect", "socketcall", "ipc", "shmat", "semop", "clone", "personality", "execve", "ptrace",
        "openat2", "listns", "set_tls", "cacheflush", "chown32", "ioctl", "mseal", "accept", "sendmsg", "nonesuch",
    ];

    private static readonly ulong[] Values =
    [
        0, 1, 2, 3, 37, 38, 40, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, uint.MaxValue, 0x1_0000_0000, 0x1_0000_0001, 0x2_0000_0000,
        0x7FFFFFFF_FFFFFFFF, 0x80000000_00000000, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    private static readonly ulong[] Masks = [.. Values, 0xFF, 0xFFFF0000, 0xFF_0000_00FF];

    private static readonly SeccompAction[] Actions =
    [
        SeccompAction.Allow, SeccompAction.Fail(Errno.EPERM), SeccompAction.Fail(Errno.ENOSYS), SeccompAction.Fail(Errno.EACCES),
        SeccompAction.KillProcess, SeccompAction.KillThread, SeccompAction.Log, SeccompAction.Trap, SeccompAction.Trace(7),
    ];

    private static readonly SeccompArchitecture[][] ArchitectureLists =
    [
        [], [SeccompArchitecture.X64], [SeccompArchitecture.X64, SeccompArchitecture.X86],
        [SeccompArchitecture.X64, SeccompArchitecture.X86, SeccompArchitecture.X32], [SeccompArchitecture.X86], [SeccompArchitecture.X32],
        [SeccompArchitecture.Arm64, SeccompArchitecture.Arm], [SeccompArchitecture.X64, SeccompArchitecture.X32],
    ];

    /// <summary>Anything goes: rules that overlap, contradict and repeat each other.</summary>
    public static Gen<SeccompFilter> Any { get; } =
        from action in Gen.Elements(Actions)
        from foreign in Gen.Elements(SeccompAction.KillProcess, SeccompAction.Fail(Errno.EPERM))
        from architectures in Gen.Elements(ArchitectureLists)
        from rules in RuleGen(AnyTests()).ListOf().Select(list => list.Take(25).ToList())
        select new SeccompFilter { DefaultAction = action, ForeignArchitectureAction = foreign, Architectures = architectures, Rules = rules };

    /// <summary>
    /// Filters whose meaning does not depend on whose it is: each call in one rule only (libseccomp gives overlapping conditions no order),
    /// each argument tested once in a rule (it refuses more), and no multiplexed call under a condition.
    /// </summary>
    public static Gen<SeccompFilter> Unambiguous { get; } =
        from action in Gen.Elements(Actions)
        from architectures in Gen.Elements(ArchitectureLists.Where(list => list.Contains(SeccompArchitecture.X64)).ToArray())
        from rules in RuleGen(DistinctTests()).ListOf().Select(list => MakeDisjoint(list, action))
        select new SeccompFilter
        {
            DefaultAction = action,
            ForeignArchitectureAction = SeccompAction.KillProcess,
            Architectures = architectures,
            Rules = rules,
        };

    private static Gen<SeccompRule> RuleGen(Gen<List<ArgumentTest>> testsGen) =>
        from names in Gen.Frequency((1, Gen.Elements(AllNames)), (1, Gen.Elements(FavouriteNames))).NonEmptyListOf()
        from action in Gen.Elements(Actions)
        from tests in testsGen
        select new SeccompRule([.. names.Distinct()], action, [.. tests]);

    private static Gen<ArgumentTest> Test(int index) =>
        from comparison in Gen.Elements(Enum.GetValues<Comparison>())
        from value in Gen.Elements(Values)
        from mask in Gen.Elements(Masks)
        select new ArgumentTest((byte)index, comparison, value, comparison == Comparison.MaskedEqual ? mask : ulong.MaxValue);

    private static Gen<List<ArgumentTest>> AnyTests() =>
        Gen.Frequency(
            (3, Gen.Constant(new List<ArgumentTest>())),
            (2, Test(0).Select(test => new List<ArgumentTest> { test })),
            (2, Gen.Choose(0, 5).SelectMany(Test).ListOf().Select(list => list.Take(4).ToList())));

    private static Gen<List<ArgumentTest>> DistinctTests() =>
        AnyTests().Select(tests => tests.DistinctBy(test => test.Index).ToList());

    private static List<SeccompRule> MakeDisjoint(IEnumerable<SeccompRule> rules, SeccompAction defaultAction)
    {
        var taken = new HashSet<string>();
        var result = new List<SeccompRule>();
        foreach (var rule in rules.Take(40))
        {
            var names = rule.Names.Where(name => IsKnownAlike(name) && !(rule.Tests.Length > 0 && IsMultiplexed(name)) && taken.Add(name));
            if (rule.Action != defaultAction && names.ToList() is { Count: > 0 } left)
                result.Add(rule with { Names = left });
        }

        return result;
    }

    /// <summary>Whether libseccomp has the call in every ABI in which we have it: it may be older than our tables.</summary>
    internal static bool IsKnownAlike(string name)
    {
        if (LibSeccomp.Resolve(name) == -1)
            return false;
        var id = SyscallTable.Find(name);
        return id >= 0 && Array.TrueForAll(Enum.GetValues<SeccompArchitecture>(), architecture =>
            !SyscallTable.TryGetNumber(architecture, id, out _) || LibSeccomp.Resolve(architecture, name) >= 0 || IsMultiplexed(name));
    }

    private static bool IsMultiplexed(string name) => name is "socketcall" or "ipc"
        || LibSeccomp.Resolve(SeccompArchitecture.X86, name) is <= -101 and >= -299;
}
