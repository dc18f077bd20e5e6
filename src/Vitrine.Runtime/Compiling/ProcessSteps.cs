using System.Globalization;
using System.Runtime.InteropServices;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>What a process is, apart from where: its limits, its user and its groups.</summary>
internal static class ProcessSteps
{
    /// <summary>What needs the host's /proc, and so comes before the root is changed or the container's namespaces are joined.</summary>
    public static void EmitOnHost(ProgramBuilder b, ProcessSpec process)
    {
        if (process.SelinuxLabel is { Length: > 0 } label)
        {
            b.Step("set SELinux label", label);
            b.WriteProc("thread-self/attr/exec", label);
            b.WriteProc("thread-self/attr/keycreate", label);
        }

        if (Profile(process) is { } profile)
        {
            // AppArmor's own file, or the one it shares with other modules on kernels before 5.8.
            b.Step("set AppArmor profile", profile);
            b.WriteProc("thread-self/attr/apparmor/exec", "thread-self/attr/exec", "exec " + profile);
        }

        if (process.OomScoreAdj is { } adjustment)
        {
            b.Step("set oom_score_adj", adjustment.ToString(CultureInfo.InvariantCulture));
            // A process that hides from ptrace is root's in /proc, so no other user can change this, up or down.
            b.WriteProc("self/oom_score_adj", adjustment.ToString(CultureInfo.InvariantCulture), orLeave: ThisProcess.UserId != 0);
        }

        b.Step("new session keyring");
        b.Call(ErrorPolicy.Ignore(Errno.ENOSYS, Errno.EDQUOT, Errno.EPERM), Syscall.keyctl, KEYCTL_JOIN_SESSION_KEYRING, 0);
        // Modes of what the program makes are meant as written; the process's own mask is set at the end.
        b.Call(Syscall.umask, 0);
    }

    /// <summary>An init executes nothing, so that no profile takes hold of it by itself: the command could not even signal it.</summary>
    public static void EmitProfileOfInit(ProgramBuilder b, ProcessSpec process)
    {
        if (Profile(process) is not { } profile)
            return;
        b.Step("take the AppArmor profile", profile);
        b.WriteProc("thread-self/attr/apparmor/current", "thread-self/attr/current", "changeprofile " + profile);
    }

    private static string? Profile(ProcessSpec process) =>
        process.ApparmorProfile is { Length: > 0 } profile and not "unconfined" ? profile : null;

    /// <summary>Scheduling and resource limits; raising them needs what the next steps take away.</summary>
    public static void EmitLimits(ProgramBuilder b, ProcessSpec process, LinuxSpec? linux, IReadOnlySet<string> optional)
    {
        SchedulingSteps.Emit(b, process, linux);
        foreach (var limit in process.Rlimits ?? [])
            SetLimit(b, limit, optional.Contains(limit.Type));
    }

    /// <summary>The execution domain (personality(2)): what uname calls the machine.</summary>
    public static void EmitPersonality(ProgramBuilder b, Spec spec)
    {
        if (spec.Linux?.Personality is not { } personality)
            return;
        var domain = personality.Domain == "LINUX32" ? PER_LINUX32 : PER_LINUX;
        b.Step("set personality", personality.Domain);
        b.Call(Syscall.personality, domain);
    }

    /// <summary>Groups and user, keeping the permitted capabilities for the steps that follow.</summary>
    /// <param name="b">The program.</param>
    /// <param name="user">Who it becomes.</param>
    /// <param name="mayKeepGroups">Whether it is in a user namespace of others, which may forbid that groups change.</param>
    public static void EmitUser(ProgramBuilder b, User user, bool mayKeepGroups = false)
    {
        b.Step("set umask", $"0{Convert.ToString(user.Umask ?? 0x12, 8)}");
        b.Call(Syscall.umask, user.Umask ?? 0x12);
        var groups = (user.AdditionalGids ?? []).ToArray();
        b.Step("become user", $"{user.Uid}:{user.Gid}", groups.Length == 0 ? null : [.. groups.Select(group => $"+{group}")]);
        if (user.Uid != 0)
            b.Call(Syscall.prctl, PR_SET_KEEPCAPS, 1);
        // In a user namespace that another than root made for himself, the groups that he has stay (user_namespaces(7)).
        var kept = groups.Length == 0 && (mayKeepGroups || ThisProcess.UserId != 0) ? ErrorPolicy.Ignore(Errno.EPERM) : ErrorPolicy.Fail;
        b.Call(kept, Syscall.setgroups, groups.Length, b.Bytes(MemoryMarshal.AsBytes(groups.AsSpan())));
        b.Call(Syscall.setresgid, user.Gid, user.Gid, user.Gid);
        b.Call(Syscall.setresuid, user.Uid, user.Uid, user.Uid);
        // A change of user makes a process dumpable by the system's default.
        b.Call(Syscall.prctl, PR_SET_DUMPABLE, 0);
    }

    private static void SetLimit(ProgramBuilder b, Rlimit limit, bool optional)
    {
        if (!Rlimits.TryParse(limit.Type, out var resource))
            throw Invalid.Configuration($"invalid rlimit type: {limit.Type}");
        b.Step($"set {limit.Type} to", $"{Text(limit.Soft)}:{Text(limit.Hard)}");
        b.Call(optional ? ErrorPolicy.WarnAll : ErrorPolicy.Fail, Syscall.prlimit64, 0, resource,
            b.Struct(new Rlimit64 { rlim_cur = limit.Soft, rlim_max = limit.Hard }), 0);
    }

    private static string Text(ulong value) => value == Rlimits.Infinity ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);
}
