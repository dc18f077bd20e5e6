using System.Globalization;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>From a fresh clone to a process inside all of its namespaces but the cgroup namespace, which waits for the cgroup.</summary>
internal static class NamespaceSteps
{
    private const CloneFlags ByUnshareOnly = CloneFlags.NewCgroup | CloneFlags.NewTime;

    /// <summary>Undoes what the clone inherited from a .NET process, and ties it to its parent's life.</summary>
    public static void Begin(ProgramBuilder b)
    {
        b.Step("undo the parent's signal handlers");
        b.Do(Operation.ResetSignals);
        b.Step("hide from ptrace and /proc until the command runs");
        b.Call(Syscall.prctl, PR_SET_DUMPABLE, 0);
        DieWithParent(b);
    }

    public static void DieWithParent(ProgramBuilder b)
    {
        b.Step("end when the parent ends");
        b.Call(Syscall.prctl, PR_SET_PDEATHSIG, Signals.SIGKILL);
        b.Do(Operation.CheckParent);
    }

    public static void OutliveParent(ProgramBuilder b)
    {
        b.Step("live on when the parent ends");
        b.Call(Syscall.prctl, PR_SET_PDEATHSIG, 0);
    }

    /// <summary>The namespaces of a new container.</summary>
    public static void Emit(ProgramBuilder b, Spec spec, NamespacePlan plan)
    {
        // A namespace belongs to the user namespace it is made in, so where that is joined or made late, the others follow it.
        var late = plan.Joins(NamespaceKind.User) || (plan.Makes(NamespaceKind.User) && plan.Joined.Count > 0);
        // A time namespace takes a further stage, which a process that is already pid 1 could not start as its sibling.
        var pidLate = late || plan.Has(NamespaceKind.Time);
        b.CloneFlags = late ? CloneFlags.None : plan.New & ~ByUnshareOnly & ~(pidLate ? CloneFlags.NewPid : CloneFlags.None);
        Join(b, plan);
        if (plan.Makes(NamespaceKind.User))
            EnterUserNamespace(b, spec, unshare: late);
        else if (plan.Joins(NamespaceKind.User))
            BecomeRoot(b);
        if ((plan.New & ~b.CloneFlags & ~ByUnshareOnly & ~CloneFlags.NewUser) is var rest and not CloneFlags.None)
        {
            b.Step("new namespaces");
            b.Call(Syscall.unshare, (long)rest);
        }

        if (plan.Makes(NamespaceKind.Time))
            UnshareTime(b, spec);

        // A pid or time namespace that was joined or unshared is that of children only.
        if (plan.Joins(NamespaceKind.Pid) || (pidLate && plan.Makes(NamespaceKind.Pid)) || plan.Has(NamespaceKind.Time))
            NextStage(b);
    }

    /// <summary>The namespaces of a running container's first process.</summary>
    public static void Enter(ProgramBuilder b, NamespacePlan plan, ExecTarget target)
    {
        b.Step("join the container's namespaces");
        b.Hold(target);
        b.TargetPid = target.Pid;
        // With a user namespace, who enters the others has to be in it first; into a time namespace only a process with one thread goes.
        var cloned = plan.Has(NamespaceKind.Pid) && !plan.Has(NamespaceKind.User) && !plan.Has(NamespaceKind.Time);
        b.PidNamespaceOf = cloned ? target.PidFd : null;
        var atOnce = plan.Own & ~CloneFlags.NewCgroup & ~(cloned ? CloneFlags.NewPid : CloneFlags.None);
        if (atOnce != CloneFlags.None)
            b.Call(Syscall.setns, target.PidFd.DangerousGetHandle(), (long)atOnce);
        if (plan.Has(NamespaceKind.User))
            BecomeRoot(b);
        if (!cloned && (plan.Has(NamespaceKind.Pid) || plan.Has(NamespaceKind.Time)))
            NextStage(b);
        if (!plan.Has(NamespaceKind.Cgroup))
            return;
        // Only now is the process in the cgroup. Before, a cgroup namespace would be one that it is not below the root of, and from
        // such a one a tree mounted with nsdelegate lets nobody in (cgroups(7)).
        b.Step("join the container's cgroup namespace");
        b.Call(Syscall.setns, target.PidFd.DangerousGetHandle(), (long)CloneFlags.NewCgroup);
    }

    /// <summary>Enters the cgroup, whose place becomes the root that the process sees.</summary>
    public static void EnterCgroup(ProgramBuilder b, NamespacePlan plan)
    {
        b.Step("enter the container's cgroup when the parent says so");
        b.Do(Operation.EnterCgroup);
        if (!plan.Makes(NamespaceKind.Cgroup))
            return;
        b.Step("new cgroup namespace");
        b.Call(Syscall.unshare, (long)CloneFlags.NewCgroup);
    }

    private static void Join(ProgramBuilder b, NamespacePlan plan)
    {
        // All are opened before any is joined: the paths are the host's.
        var opened = new List<Register>(plan.Joined.Count);
        foreach (var (kind, path) in plan.Joined)
        {
            b.Step($"open {NamespaceId.FileName(kind)} namespace", path);
            opened.Add(b.Open(path, O_CLOEXEC));
        }

        for (var i = 0; i < opened.Count; i++)
        {
            var (kind, path) = plan.Joined[i];
            b.Step($"join {NamespaceId.FileName(kind)} namespace", path);
            b.Call(Syscall.setns, opened[i], (long)kind.ToCloneFlag());
            b.Close(opened[i]);
        }
    }

    private static void EnterUserNamespace(ProgramBuilder b, Spec spec, bool unshare)
    {
        if (unshare)
        {
            b.Step("new user namespace");
            b.Call(Syscall.unshare, (long)CloneFlags.NewUser);
        }

        b.UidMap = Map(spec.Linux?.UidMappings, "uidMappings");
        b.GidMap = Map(spec.Linux?.GidMappings, "gidMappings");
        // Another than root may write the maps only of a process that is his, which one that hides from ptrace is not.
        if (ThisProcess.UserId != 0)
        {
            b.Step("be seen as the caller's own");
            b.Call(Syscall.prctl, PR_SET_DUMPABLE, 1);
        }

        b.Step("wait until the parent has written the id maps");
        b.Do(Operation.AwaitIdMaps);
        BecomeRoot(b);
    }

    /// <summary>The ids of the caller have no name in the user namespace; 0 has.</summary>
    internal static void BecomeRoot(ProgramBuilder b)
    {
        b.Step("become root of the user namespace");
        b.Call(Syscall.setresgid, 0, 0, 0);
        b.Call(Syscall.setresuid, 0, 0, 0);
        // A change of user makes a process dumpable by the system's default, and forgets its parent's end.
        b.Call(Syscall.prctl, PR_SET_DUMPABLE, 0);
        DieWithParent(b);
    }

    private static void UnshareTime(ProgramBuilder b, Spec spec)
    {
        b.Step("new time namespace");
        b.Call(Syscall.unshare, (long)CloneFlags.NewTime);
        foreach (var (clock, offset) in spec.Linux?.TimeOffsets ?? new Dictionary<string, TimeOffset>())
        {
            b.Step($"set the offset of the {clock} clock");
            var line = string.Create(CultureInfo.InvariantCulture, $"{clock} {offset.Secs} {offset.Nanosecs}");
            b.WriteProc("self/timens_offsets", line);
        }
    }

    private static void NextStage(ProgramBuilder b)
    {
        b.Step("go on as a child, which is in the new namespaces");
        b.Do(Operation.ForkStage);
        b.Call(Syscall.prctl, PR_SET_DUMPABLE, 0);
        DieWithParent(b);
    }

    private static string Map(IReadOnlyList<IdMapping>? mappings, string name)
    {
        if (mappings is not { Count: > 0 })
            throw Invalid.Configuration($"a new user namespace needs linux.{name}");
        return string.Concat(mappings.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.ContainerId} {m.HostId} {m.Size}\n")));
    }
}
