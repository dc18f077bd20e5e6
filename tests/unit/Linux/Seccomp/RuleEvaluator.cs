using Vitrine.Linux;
using Vitrine.Linux.Seccomp;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

/// <summary>
/// What a filter should answer, read straight from its rules for one call at a time: the meaning that compiled programs are
/// checked against. Slow and plain on purpose, and shares nothing with the compiler but the tables of numbers.
/// </summary>
internal sealed class RuleEvaluator
{
    private static readonly string[] SocketCalls =
    [
        "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send", "recv",
        "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg",
    ];

    private static readonly Dictionary<uint, string> IpcCalls = new()
    {
        [1] = "semop", [2] = "semget", [3] = "semctl", [4] = "semtimedop", [11] = "msgsnd", [12] = "msgrcv", [13] = "msgget",
        [14] = "msgctl", [21] = "shmat", [22] = "shmdt", [23] = "shmget", [24] = "shmctl",
    };

    private static readonly Dictionary<(SeccompArchitecture, uint), List<string>> NamesByNumber = BuildNames();

    private readonly SeccompFilter _filter;
    private readonly HashSet<SeccompArchitecture> _listed;
    private readonly Dictionary<SeccompArchitecture, uint?> _newest = [];
    private readonly Dictionary<string, List<SeccompRule>> _rules = [];

    public RuleEvaluator(SeccompFilter filter)
    {
        _filter = filter;
        _listed = filter.Architectures.Count == 0 ? [SeccompArchitectures.Native] : [.. filter.Architectures];
        foreach (var rule in filter.Rules)
        {
            foreach (var name in rule.Names)
            {
                if (!_rules.TryGetValue(name, out var list))
                    _rules[name] = list = [];
                list.Add(rule);
            }
        }

        foreach (var architecture in Enum.GetValues<SeccompArchitecture>())
            _newest[architecture] = Newest(architecture);
    }

    public uint? NewestNamed(SeccompArchitecture architecture) => _newest[architecture];

    public SeccompAction Decide(SeccompData data)
    {
        if (AbiOf(data) is not { } abi)
            return _filter.ForeignArchitectureAction;
        if (!_listed.Contains(abi))
            return abi == SeccompArchitecture.X32 && _listed.Contains(SeccompArchitecture.X64) ? SeccompAction.Fail(Errno.ENOSYS) : _filter.ForeignArchitectureAction;
        var arguments = abi.HasNarrowArguments() ? Array.ConvertAll(data.Arguments, value => (ulong)(uint)value) : data.Arguments;
        foreach (var name in NamesByNumber.GetValueOrDefault((abi, data.Number), []))
        {
            if (ByName(abi, name, arguments) is { } action)
                return action;
        }

        var ordinary = abi != SeccompArchitecture.Arm || data.Number < 0xF0000;
        return ordinary && !_filter.DefaultAction.RunsTheCall && _newest[abi] is { } newest && data.Number > newest
            ? SeccompAction.Fail(Errno.ENOSYS)
            : _filter.DefaultAction;
    }

    public static SeccompArchitecture? AbiOf(SeccompData data) => data.Architecture switch
    {
        0xC000003E => (data.Number & 0x40000000) != 0 || data.Number > 0x40000000 ? SeccompArchitecture.X32 : SeccompArchitecture.X64,
        0x40000003 => SeccompArchitecture.X86,
        0xC00000B7 => SeccompArchitecture.Arm64,
        0x40000028 => SeccompArchitecture.Arm,
        _ => null,
    };

    private SeccompAction? ByName(SeccompArchitecture abi, string name, ulong[] arguments)
    {
        var rules = _rules.GetValueOrDefault(name, []).Where(rule => rule.Action != _filter.DefaultAction).ToList();
        if (rules.Find(rule => rule.Tests.Length == 0) is { } always)
            return always.Action;
        if (rules.Find(rule => rule.Tests.All(test => Accepts(abi, test, arguments[test.Index]))) is { } conditional)
            return conditional.Action;
        if (abi != SeccompArchitecture.X86)
            return null;
        return name switch
        {
            "socketcall" => arguments[0] is >= 1 and <= 20 ? Carried(SocketCalls[arguments[0] - 1]) : null,
            "ipc" => IpcCalls.TryGetValue((uint)arguments[0] & 0xFFFF, out var call) ? Carried(call) : null,
            _ => null,
        };
    }

    private SeccompAction? Carried(string name)
    {
        var rules = _rules.GetValueOrDefault(name, []).Where(rule => rule.Action != _filter.DefaultAction).ToList();
        return rules.Find(rule => rule.Tests.Length == 0)?.Action ?? rules.Find(rule => !rule.Action.RunsTheCall)?.Action;
    }

    private static bool Accepts(SeccompArchitecture abi, ArgumentTest test, ulong argument)
    {
        var (value, mask) = abi.HasNarrowArguments() ? ((uint)test.Value, (uint)test.Mask) : (test.Value, test.Mask);
        return test.Comparison switch
        {
            Comparison.NotEqual => argument != value,
            Comparison.Less => argument < value,
            Comparison.LessOrEqual => argument <= value,
            Comparison.Equal => argument == value,
            Comparison.GreaterOrEqual => argument >= value,
            Comparison.Greater => argument > value,
            _ => (argument & mask) == (value & mask),
        };
    }

    private uint? Newest(SeccompArchitecture architecture)
    {
        uint? newest = null;
        foreach (var name in _rules.Keys)
        {
            var id = SyscallTable.Find(name);
            if (id >= 0 && SyscallTable.TryGetNumber(architecture, id, out var number)
                && !(architecture == SeccompArchitecture.Arm && number >= 0xF0000))
                newest = Math.Max(newest ?? 0, number);
        }

        return newest;
    }

    private static Dictionary<(SeccompArchitecture, uint), List<string>> BuildNames()
    {
        var names = new Dictionary<(SeccompArchitecture, uint), List<string>>();
        foreach (var architecture in Enum.GetValues<SeccompArchitecture>())
        {
            for (var id = 0; id < SyscallTable.Count; id++)
            {
                if (!SyscallTable.TryGetNumber(architecture, id, out var number))
                    continue;
                if (!names.TryGetValue((architecture, number), out var list))
                    names[(architecture, number)] = list = [];
                list.Add(SyscallTable.Name(id));
            }
        }

        return names;
    }
}
