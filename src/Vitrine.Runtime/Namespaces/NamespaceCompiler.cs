using Vitrine.Linux;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime.Namespaces;

/// <summary>
/// Compiles what unshare(1) and nsenter(1) do to setup programs. The order of the steps is theirs, as it decides what is
/// possible: paths are opened before a namespace is joined, ids change when the mounts are made.
/// </summary>
public static class NamespaceCompiler
{
    /// <summary>The program of a request.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="target">The process that is joined; null where the request joins none.</param>
    /// <param name="command">What is executed in the end.</param>
    /// <exception cref="VitrineException">A path or argument has a NUL in it.</exception>
    public static SetupProgram Compile(NamespaceRequest request, ExecTarget? target, NamespaceCommand command)
    {
        var b = new ProgramBuilder { UidMap = request.UidMap, GidMap = request.GidMap, SetGroups = request.SetGroups };
        var joins = request.Enters;
        Begin(b, hides: joins, command.IgnoredSignals);
        var root = joins && request.Root is { } directory ? OpenDirectory(b, "root", directory) : (Register?)null;
        var start = WorkingDirectory(b, request, joins, root);
        JoinSteps.Emit(b, request, target);
        UnshareSteps.Emit(b, request);
        if (request.Forks)
            NextStage(b);
        b.Step("wait until the parent knows this process");
        b.Do(Operation.AwaitParent);
        if (request.Kept.Count > 0)
        {
            b.Step("wait until the parent has bound the namespaces to", string.Join(", ", request.Kept.Select(file => file.Path)));
            b.Do(Operation.AwaitHooks);
        }

        if (joins)
            ChangeRoot(b, request, root, start);
        else
            UnshareSteps.EmitFilesystem(b, request);
        Identity(b, request);
        End(b, request.DeathSignal);
        CommandSteps.EmitPlain(b, command.Executables, command.Arguments, command.Environment);
        return b.Build();
    }

    /// <summary>What a fresh clone of a managed process does first.</summary>
    internal static void Begin(ProgramBuilder b, bool hides, IReadOnlyList<int> ignoredSignals)
    {
        b.Step("undo the parent's signal handlers");
        b.Do(Operation.ResetSignals);
        // struct sigaction of the kernel: SIG_IGN, no flags.
        foreach (var signal in ignoredSignals)
            b.Call(Syscall.rt_sigaction, signal, b.Bytes([1, .. new byte[31]]), 0, sizeof(ulong));
        if (hides)
        {
            b.Step("hide from ptrace and /proc until the command runs");
            b.Call(Syscall.prctl, PR_SET_DUMPABLE, 0);
        }

        NamespaceSteps.DieWithParent(b);
    }

    /// <summary>From here on the process is in the pid and time namespaces that were made or joined.</summary>
    internal static void NextStage(ProgramBuilder b)
    {
        b.Step("go on as a child, which is in the new namespaces");
        b.Do(Operation.ForkStage);
        NamespaceSteps.DieWithParent(b);
    }

    /// <summary>Unblocks the signals that the launcher blocked, and ties the command to its launcher as it is wanted.</summary>
    internal static void End(ProgramBuilder b, int deathSignal)
    {
        b.Step("unblock all signals");
        b.Call(Syscall.rt_sigprocmask, SIG_SETMASK, b.Struct(0UL), 0, sizeof(ulong));
        if (deathSignal == 0)
        {
            NamespaceSteps.OutliveParent(b);
            return;
        }

        b.Step($"get {Signals.Name(deathSignal)} when the parent ends");
        b.Call(Syscall.prctl, PR_SET_PDEATHSIG, deathSignal);
        b.Do(Operation.CheckParent);
    }

    internal static Register OpenDirectory(ProgramBuilder b, string what, string path)
    {
        b.Step($"open the {what} directory", path);
        return b.Open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    }

    /// <summary>A working directory that was asked for; or the caller's own, which a change of the root would leave outside.</summary>
    private static Register? WorkingDirectory(ProgramBuilder b, NamespaceRequest request, bool joins, Register? root)
    {
        if (!joins || request.InnerWorkingDirectory is not null)
            return null;
        if (request.WorkingDirectory is { } path)
            return OpenDirectory(b, "working", path);
        return root is null ? null : OpenDirectory(b, "working", ".");
    }

    private static void ChangeRoot(ProgramBuilder b, NamespaceRequest request, Register? root, Register? start)
    {
        if (root is { } directory)
        {
            b.Step("change to the root", request.Root);
            b.Call(Syscall.fchdir, directory);
            b.Call(Syscall.chroot, b.Text("."));
            b.Close(directory);
        }

        if (request.InnerWorkingDirectory is { } inner)
        {
            b.Step("change to the working directory", inner);
            b.Call(Syscall.chdir, b.Text(inner));
        }
        else if (start is { } place)
        {
            b.Step("change to the working directory", request.WorkingDirectory ?? ".");
            b.Call(Syscall.fchdir, place);
            b.Close(place);
        }
    }

    private static void Identity(ProgramBuilder b, NamespaceRequest request)
    {
        if (request.KeepsCapabilities && request.Uid is > 0)
        {
            b.Step("keep capabilities through the change of user");
            b.Call(Syscall.prctl, PR_SET_KEEPCAPS, 1);
        }

        if (request.ClearsGroups || request.Gid is not null)
        {
            b.Step("give up supplementary groups");
            // In a namespace where groups may not be given up, nobody can gain by having kept them.
            b.Call(request.Gid is null || request.ClearsGroups ? ErrorPolicy.Ignore(Errno.EPERM) : ErrorPolicy.Fail, Syscall.setgroups, 0, 0);
        }

        if (request.Gid is { } gid)
        {
            b.Step("become group", $"{gid}");
            b.Call(Syscall.setresgid, gid, gid, gid);
        }

        if (request.Uid is { } uid)
        {
            b.Step("become user", $"{uid}");
            b.Call(Syscall.setresuid, uid, uid, uid);
        }

        if (request.KeepsCapabilities)
            KeepCapabilities(b);
    }

    /// <summary>Ambient capabilities are those that another user than root still has after execve (capabilities(7)).</summary>
    private static void KeepCapabilities(ProgramBuilder b)
    {
        b.Step("keep all capabilities through the command's execution");
        var all = CapabilitySet.AllNamed.Bits;
        b.Call(Syscall.capset, b.Struct(new CapabilityHeader { version = LINUX_CAPABILITY_VERSION_3 }), b.Struct(CapabilityData.Of(all, all, all)));
        for (var bit = 0; bit < 64; bit++)
        {
            // The kernel may know fewer than are named here.
            if ((all >> bit & 1) != 0)
                b.Call(ErrorPolicy.Ignore(Errno.EINVAL, Errno.EPERM), Syscall.prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, bit, 0, 0);
        }
    }
}
