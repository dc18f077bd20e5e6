using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Runtime;

/// <summary>
/// The ways into a cgroup that take no wait: a v2 cgroup is started in (CLONE_INTO_CGROUP), v1 cgroups are entered by the process
/// itself (<see cref="Cgroup.OpenTaskFiles"/>). To move another process, as its parent would have to, waits until every processor
/// has noticed, 4 to 15 ms.
/// </summary>
internal sealed class CgroupEntry : IDisposable
{
    private readonly SafeFileHandle? _directory;
    private readonly IReadOnlyList<(string Path, SafeFileHandle File)> _files;

    private CgroupEntry(SafeFileHandle? directory, IReadOnlyList<(string Path, SafeFileHandle File)> files)
    {
        _directory = directory;
        _files = files;
    }

    /// <summary>Opens the ways.</summary>
    /// <returns>Null where the parent must join: the cgroup comes to be with its first process, or there are more than a program has room for.</returns>
    /// <exception cref="LinuxException">The cgroup is not there, or not this user's.</exception>
    public static CgroupEntry? Open(ContainerCgroup cgroup, SetupProgram program)
    {
        var own = cgroup.Cgroup;
        if (cgroup.JoinsLate || own.Layout.Hierarchies.Count > NativeContext.MaximumCgroupFiles)
            return null;
        var directory = own.Layout.Unified is { } tree ? OpenDirectory(own, tree, program) : null;
        try
        {
            return new CgroupEntry(directory, own.OpenTaskFiles());
        }
        catch
        {
            directory?.Dispose();
            throw;
        }
    }

    /// <summary>Gives the program what it needs to enter.</summary>
    /// <returns>False where this kernel cannot start a process in a cgroup.</returns>
    public bool Arrange(NativeProgram native)
    {
        if (_directory is not null && !native.StartIn(_directory))
            return false;
        for (var i = 0; i < _files.Count; i++)
            native.EnterBy(_files[i].File);
        return true;
    }

    /// <summary>What the program said of an entry that was refused, in words.</summary>
    public LinuxException Refused(ControlMessage message) =>
        new("write '0' to", _files[(int)(message.Value >> ControlMessage.DetailShift)].Path, (Errno)(message.Value & ControlMessage.ErrnoMask));

    public void Dispose()
    {
        _directory?.Dispose();
        foreach (var (_, file) in _files)
            file.Dispose();
    }

    private static SafeFileHandle OpenDirectory(Cgroup own, CgroupHierarchy tree, SetupProgram program)
    {
        // A container that divides its own cgroup may have no process in it any more: its first process has gone below.
        var divided = program.TargetPid != 0 && own.Read(tree, "cgroup.subtree_control") is { Length: > 0 };
        return FileAt.OpenDirectory(divided ? tree.MountPoint + PathOf(program.TargetPid) : own.DirectoryIn(tree));
    }

    private static string PathOf(int pid) =>
        CgroupMembership.Parse(File.ReadAllBytes($"/proc/{pid}/cgroup")).Find(membership => membership.IsV2)?.Path ?? "/";
}
