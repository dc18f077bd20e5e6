using System.Globalization;
using System.Text;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Runtime.Namespaces;

/// <summary>Makes namespaces (unshare(2)) and what is to be in them.</summary>
internal static class UnshareSteps
{
    private const MountFlags ProcFlags = MountFlags.NoSuid | MountFlags.NoExec | MountFlags.NoDev;

    public static void Emit(ProgramBuilder b, NamespaceRequest request)
    {
        if (request.New.Count == 0)
            return;
        var flags = CloneFlags.None;
        foreach (var kind in request.New)
            flags |= kind.ToCloneFlag();
        b.Step("new namespaces", null, [.. request.New.Select(NamespaceId.FileName)]);
        b.Call(Syscall.unshare, (long)flags);
        if (request.UidMap.Length + request.GidMap.Length > 0 || request.SetGroups is not null)
        {
            b.Step("wait until the parent has written the id maps", OneLine(request));
            b.Do(Operation.AwaitIdMaps);
        }

        SetClock(b, "monotonic", request.Monotonic);
        SetClock(b, "boottime", request.Boottime);
        if (request.HostName is { } name)
        {
            b.Step("set hostname", name);
            b.Call(Syscall.sethostname, b.Text(name), Encoding.UTF8.GetByteCount(name));
        }
    }

    public static void EmitFilesystem(ProgramBuilder b, NamespaceRequest request)
    {
        if (request.New.Contains(NamespaceKind.Mount) && request.Propagation != MountFlags.None)
        {
            b.Step("propagation of all mounts", "/");
            b.Call(Syscall.mount, 0, b.Text("/"), 0, (long)request.Propagation);
        }

        if (request.Root is { } root)
        {
            b.Step("change to the root", root);
            b.Call(Syscall.chroot, b.Text(root));
        }

        var place = request.WorkingDirectory ?? (request.Root is null ? null : "/");
        if (place is { } directory)
        {
            b.Step("change to the working directory", directory);
            b.Call(Syscall.chdir, b.Text(directory));
        }

        if (request.ProcMountPoint is { } proc)
            MountProc(b, proc, isPrivate: request.Root is null && request.Propagation == (MountFlags.Private | MountFlags.Recursive));
    }

    private static void MountProc(ProgramBuilder b, string place, bool isPrivate)
    {
        if (!isPrivate)
        {
            // Nothing that is mounted over a shared mount may be seen where the caller came from. EINVAL: nothing is mounted there.
            b.Step("keep what is mounted here from travelling", place);
            b.Call(ErrorPolicy.Ignore(Errno.EINVAL), Syscall.mount, 0, b.Text(place), 0, (long)(MountFlags.Private | MountFlags.Recursive));
        }

        b.Step("mount proc on", place, ["nosuid", "noexec", "nodev"]);
        b.Call(Syscall.mount, b.Text("proc"), b.Text(place), b.Text("proc"), (long)ProcFlags, 0);
    }

    private static void SetClock(ProgramBuilder b, string clock, long? seconds)
    {
        if (seconds is not { } offset)
            return;
        b.Step($"set the offset of the {clock} clock");
        b.WriteProc("self/timens_offsets", string.Create(CultureInfo.InvariantCulture, $"{clock} {offset} 0"));
    }

    private static string OneLine(NamespaceRequest request)
    {
        static string Text(string map) => map.Length == 0 ? "none" : map.TrimEnd('\n').Replace("\n", ", ");
        var groups = request.SetGroups is { } rule ? $"; setgroups {rule}" : "";
        return $"users {Text(request.UidMap)}; groups {Text(request.GidMap)}{groups}";
    }
}
