using Vitrine.Linux;
using Vitrine.Linux.Proc;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime.Namespaces;

/// <summary>Joins the namespaces of another process, or those that files stand for (setns(2)).</summary>
internal static class JoinSteps
{
    public static void Emit(ProgramBuilder b, NamespaceRequest request, ExecTarget? target)
    {
        var files = Open(b, request.JoinedFiles);
        if (request.Joined.Count > 0)
            JoinTarget(b, request.Joined, target!);
        if (files.Count == 0)
            return;
        // As nsenter does: who gives up power joins the user namespace last, who gains it by that must join it first. Which of both
        // this is only the kernel knows, so what is refused before the user namespace is joined is tried again after it.
        var joinsUser = files.Exists(file => file.File.Kind == NamespaceKind.User);
        foreach (var (file, descriptor) in files)
        {
            if (file.Kind == NamespaceKind.User)
                continue;
            Join(b, file, descriptor, again: joinsUser);
        }

        foreach (var (file, descriptor) in files)
        {
            if (file.Kind == NamespaceKind.User)
                Join(b, file, descriptor, again: false);
        }

        foreach (var (file, descriptor) in files)
        {
            if (!joinsUser || file.Kind == NamespaceKind.User)
                continue;
            b.Step($"join {NamespaceId.FileName(file.Kind)} namespace, unless that is done", file.Path);
            b.Call(ErrorPolicy.Ignore(Errno.EBADF), Syscall.setns, descriptor, (long)file.Kind.ToCloneFlag());
            b.Close(descriptor);
        }
    }

    /// <summary>All at once, by the process itself: the kernel takes the user namespace first and the others with its power.</summary>
    public static void JoinTarget(ProgramBuilder b, IReadOnlyList<NamespaceKind> kinds, ExecTarget target)
    {
        b.Hold(target);
        b.TargetPid = target.Pid;
        b.Step($"join namespaces of process {target.Pid}", null, [.. kinds.Select(NamespaceId.FileName)]);
        var flags = CloneFlags.None;
        foreach (var kind in kinds)
            flags |= kind.ToCloneFlag();
        b.Call(Syscall.setns, target.PidFd.DangerousGetHandle(), (long)flags);
    }

    private static List<(NamespaceFile File, Register Descriptor)> Open(ProgramBuilder b, IReadOnlyList<NamespaceFile> files)
    {
        var opened = new List<(NamespaceFile, Register)>(files.Count);
        foreach (var file in files)
        {
            b.Step($"open {NamespaceId.FileName(file.Kind)} namespace", file.Path);
            opened.Add((file, b.Open(file.Path, O_CLOEXEC)));
        }

        return opened;
    }

    private static void Join(ProgramBuilder b, NamespaceFile file, Register descriptor, bool again)
    {
        b.Step($"join {NamespaceId.FileName(file.Kind)} namespace", file.Path);
        var refused = b.NewLabel();
        b.Call(again ? ErrorPolicy.Goto(refused, Errno.EPERM) : ErrorPolicy.Fail, Syscall.setns, descriptor, (long)file.Kind.ToCloneFlag());
        b.Close(descriptor);
        b.Mark(refused);
    }
}
