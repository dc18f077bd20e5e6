namespace Vitrine.Linux.Seccomp;

/// <summary>
/// i386's two calls that carry others: socketcall(2) and ipc(2) take the real call's number as their first argument, so a rule
/// for <c>connect</c> must also hold for <c>socketcall(SYS_CONNECT)</c> (linux/net.h, linux/ipc.h). The real call's arguments lie in
/// memory, where no filter can see them: a conditional rule that lets the call run is not carried over, one that
/// refuses it is carried over without its condition. (libseccomp carries over both, which lets through what was not meant to pass.)
/// </summary>
internal static class MultiplexedCalls
{
    // Position + 1 is the number in the first argument.
    private static readonly string[] SocketCalls =
    [
        "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send", "recv",
        "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg",
    ];

    private static readonly string[] IpcCalls =
    [
        "semop", "semget", "semctl", "semtimedop", "", "", "", "", "", "",
        "msgsnd", "msgrcv", "msgget", "msgctl", "", "", "", "", "", "",
        "shmat", "shmdt", "shmget", "shmctl",
    ];

    // The kernel takes the ipc call's number from the low 16 bits; the others are a version.
    private const uint IpcNumberMask = 0xFFFF;

    private static readonly int SocketcallId = SyscallTable.Find("socketcall");
    private static readonly int IpcId = SyscallTable.Find("ipc");

    /// <summary>The clauses of a call in i386, with those of the calls it carries; null where it has none.</summary>
    public static List<Clause>? Clauses(RuleTable rules, int id)
    {
        var own = rules.Clauses(id);
        if (rules.Always(id) is not null)
            return null;
        if (id == SocketcallId)
            return Carry(rules, own, SocketCalls, uint.MaxValue);
        return id == IpcId ? Carry(rules, own, IpcCalls, IpcNumberMask) : own;
    }

    private static List<Clause>? Carry(RuleTable rules, List<Clause>? own, string[] calls, uint mask)
    {
        var clauses = own is null ? [] : new List<Clause>(own);
        for (var i = 0; i < calls.Length; i++)
        {
            var id = SyscallTable.Find(calls[i]);
            if (id >= 0 && Carried(rules, id) is { } action)
                clauses.Add(new Clause([new ArgumentTest(0, Comparison.MaskedEqual, (uint)i + 1, mask)], action));
        }

        return clauses.Count == 0 ? null : clauses;
    }

    private static SeccompAction? Carried(RuleTable rules, int id)
    {
        if (rules.Always(id) is { } always)
            return always;
        foreach (var clause in rules.Clauses(id) ?? [])
        {
            if (!clause.Action.RunsTheCall)
                return clause.Action;
        }

        return null;
    }
}
