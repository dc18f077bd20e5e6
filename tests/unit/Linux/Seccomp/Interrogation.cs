using Vitrine.Linux.Seccomp;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

/// <summary>The questions that are put to a filter: every call number of every ABI, with all arguments on which its rules turn.</summary>
internal static class Interrogation
{
    private const uint X32Bit = 0x40000000;

    // Beyond the newest call of every ABI, x32's own range (512-547) included.
    private const uint Numbers = 620;

    private static readonly uint[] Oddities = [1023, 1024, 0xF0000, 0xF0005, 0x3FFFFFFF, 0x7FFFFFFF, 0x80000000, uint.MaxValue];

    public static IEnumerable<SeccompData> Questions(SeccompFilter filter)
    {
        var interesting = InterestingArguments(filter);
        foreach (var audit in new uint[] { 0xC000003E, 0x40000003, 0xC00000B7, 0x40000028, 0xC0000016 })
        {
            // An architecture that is not listed has one answer: a few numbers tell.
            var listed = audit == SeccompArchitectures.Native.AuditValue() || filter.Architectures.Any(architecture => architecture.AuditValue() == audit);
            foreach (var number in NumbersOf(audit).Where((_, position) => listed || position % 50 == 0))
            {
                foreach (var arguments in interesting.GetValueOrDefault((audit, number & ~X32Bit), [new ulong[6]]))
                    yield return new SeccompData(audit, number, arguments);
            }
        }
    }

    private static IEnumerable<uint> NumbersOf(uint audit)
    {
        for (uint number = 0; number < Numbers; number++)
        {
            yield return number;
            if (audit == 0xC000003E)
                yield return number | X32Bit;
        }

        foreach (var number in Oddities)
            yield return number;
    }

    /// <summary>For each number: every value compared with, its neighbours, and both in the other half of the register.</summary>
    private static Dictionary<(uint Audit, uint Number), List<ulong[]>> InterestingArguments(SeccompFilter filter)
    {
        var byName = new Dictionary<string, List<ArgumentTest>>();
        foreach (var rule in filter.Rules)
        {
            foreach (var name in rule.Names)
            {
                if (!byName.TryGetValue(name, out var tests))
                    byName[name] = tests = [];
                tests.AddRange(rule.Tests);
            }
        }

        var result = new Dictionary<(uint, uint), List<ulong[]>>();
        foreach (var architecture in Enum.GetValues<SeccompArchitecture>())
        {
            foreach (var (name, tests) in byName)
            {
                var id = SyscallTable.Find(name);
                if (tests.Count == 0 || id < 0 || !SyscallTable.TryGetNumber(architecture, id, out var number))
                    continue;
                var key = (architecture.AuditValue(), number & ~X32Bit);
                if (!result.TryGetValue(key, out var list))
                    result[key] = list = [];
                list.AddRange(Vectors(tests));
            }
        }

        foreach (var call in new uint[] { 102, 117 }) // i386's socketcall and ipc
        {
            if (!result.TryGetValue((0x40000003, call), out var list))
                result[(0x40000003, call)] = list = [];
            for (ulong sub = 0; sub < 26; sub++)
                list.AddRange([[sub, 1, 2, 3, 4, 5], [sub | 0x10000, 0, 0, 0, 0, 0]]);
        }

        return result;
    }

    private static IEnumerable<ulong[]> Vectors(List<ArgumentTest> tests)
    {
        // What makes every test of one rule hold, as far as one vector can; then one argument at a time is moved off it.
        var basis = new ulong[6];
        foreach (var test in tests)
            basis[test.Index] = test.Value;
        yield return new ulong[6];
        yield return basis;
        foreach (var test in tests)
        {
            foreach (var value in Around(test))
            {
                var vector = (ulong[])basis.Clone();
                vector[test.Index] = value;
                yield return vector;
                vector = new ulong[6];
                vector[test.Index] = value;
                yield return vector;
            }
        }
    }

    private static IEnumerable<ulong> Around(ArgumentTest test)
    {
        var value = test.Value;
        return
        [
            value, value - 1, value + 1, value ^ 1UL << 32, value ^ 1UL << 31, value ^ 1UL << 63, value + (1UL << 32), value - (1UL << 32),
            (uint)value, value << 32, 0, ulong.MaxValue, uint.MaxValue, value & test.Mask, value | ~test.Mask, value ^ test.Mask, test.Mask,
            value ^ (test.Mask & (0 - test.Mask)),
        ];
    }
}
