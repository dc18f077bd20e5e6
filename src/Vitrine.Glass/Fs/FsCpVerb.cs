using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Files;
using Vitrine.Linux;

namespace Vitrine.Glass.Fs;

/// <summary><c>vitrine fs cp</c>: copies files and directories out of a container or into one, of any engine.</summary>
internal sealed class FsCpVerb : GlassVerb
{
    private const uint NoSpecialBits = 0b000_111_111_111;
    private const uint ForOwner = 0b111_000_000;

    private readonly BoolFlag _archive;

    public FsCpVerb() => _archive = Flags.Bool("archive", 'a', "Keep owners as the host numbers them, and set-user-id bits");

    public override string Usage => "[OPTIONS] CONTAINER|PID:SRC_PATH DEST_PATH\n\tvitrine fs cp [OPTIONS] SRC_PATH CONTAINER|PID:DEST_PATH";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(2);

    public override Operand Completes => Operand.Any;

    public override string Details =>
        "A destination that is a directory takes the source under its own name; any other name is the copy's.\n"
        + "A file that is there is replaced at once, and never half written. Links are copied as links. What comes\n"
        + "out is yours and has no set-user-id bits; what goes in is root's inside.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        switch (FsPlace.IsInside(arguments[0]), FsPlace.IsInside(arguments[1]))
        {
            case (true, false):
                Out(context, arguments[0], arguments[1]);
                break;
            case (false, true):
                In(context, arguments[0], arguments[1]);
                break;
            default:
                throw new VitrineException(ErrorKind.Invalid, "one of the two must be a container's, CONTAINER:/PATH, and one of this host");
        }

        return Task.FromResult(0);
    }

    private void Out(CommandContext context, string source, string destination)
    {
        var (container, path) = FsPlace.Split(source);
        using var root = FsPlace.Open(context, container);
        var (from, name) = root.OpenParent(path);
        using (from)
        {
            var (to, newName) = Local(destination, name);
            using (to)
                Copy(from, name, path, to, newName, (ThisProcess.UserId, ThisProcess.GroupId));
        }
    }

    private void In(CommandContext context, string source, string destination)
    {
        var (container, path) = FsPlace.Split(destination);
        using var root = FsPlace.OpenRunning(context, container);
        var full = Path.GetFullPath(source);
        using var from = FileAt.OpenDirectory(Path.GetDirectoryName(full) ?? throw new VitrineException(ErrorKind.Invalid, "the host's root is no source"));
        var name = Encoding.UTF8.GetBytes(Path.GetFileName(full));
        var (to, newName) = Inside(root, path, name);
        using (to)
            Copy(from, name, source, to, newName, (OnHost(root.UserMap), OnHost(root.GroupMap)));
    }

    private static (SafeFileHandle Directory, byte[] Name) Local(string destination, byte[] name)
    {
        if (Directory.Exists(destination))
            return (FileAt.OpenDirectory(destination), name);
        var full = Path.GetFullPath(destination);
        return (FileAt.OpenDirectory(Path.GetDirectoryName(full)!), Encoding.UTF8.GetBytes(Path.GetFileName(full)));
    }

    private static (SafeFileHandle Directory, byte[] Name) Inside(ContainerRoot root, string path, byte[] name) =>
        root.TryOpen(path, OpenFlags.Directory | OpenFlags.PathOnly, out var directory) == Errno.None ? (directory!, name) : root.OpenParent(path);

    private static uint OnHost(IReadOnlyList<Vitrine.Linux.Proc.IdRange> map) => map.FirstOrDefault(range => range.Inside == 0)?.Outside ?? 0;

    private void Copy(SafeFileHandle from, byte[] name, string path, SafeFileHandle to, byte[] newName, (uint User, uint Group) owner)
    {
        var status = FileAt.TryStatus(from, name, out var found) is var error and not Errno.None ? throw new LinuxException("copy", path, error) : found;
        if (status.Kind is not (FileKind.Regular or FileKind.Symlink or FileKind.Directory))
            throw new VitrineException(ErrorKind.Invalid, $"{path} is no file, directory or link ({FileText.Mode(status)}): it is not copied");
        var temporary = Encoding.ASCII.GetBytes($".vitrine-fs-{Entropy.NewId()}");
        try
        {
            if (status.Kind == FileKind.Directory)
                CopyDirectory(from, name, to, temporary, owner);
            else
                new FileCopier(to).Copy(from, name, status, to, temporary, temporary);
            Settle(to, temporary, FileAt.Status(to, temporary), owner);
            var flags = status.Kind == FileKind.Directory ? RenameFlags.NoReplace : RenameFlags.None;
            if (FileAt.TryRename(to, temporary, to, newName, flags) is var failed and not Errno.None)
                throw FileAt.Failure("replace", to, newName, failed);
        }
        catch
        {
            FileTree.Delete(to, temporary);
            throw;
        }
    }

    private void CopyDirectory(SafeFileHandle from, byte[] name, SafeFileHandle to, byte[] temporary, (uint User, uint Group) owner)
    {
        if (FileAt.TryMakeDirectory(to, temporary, ForOwner) is var error and not Errno.None)
            throw FileAt.Failure("mkdir", to, temporary, error);
        using var source = FileAt.Open(from, name, OpenFlags.Directory | OpenFlags.NoFollow, ResolveFlags.NoSymlinks);
        using var target = FileAt.Open(to, temporary, OpenFlags.Directory | OpenFlags.NoFollow, ResolveFlags.NoSymlinks);
        FileTree.Copy(source, target);
        new FileWalk(new HashSet<DeviceNumber>(), item => Settle(target, item.Bytes, item.Status, owner), (place, errno) => throw new LinuxException("copy", place, errno)).Run(target, "/");
    }

    /// <summary>Gives a copy to its new owner; what runs with another's rights in the container must not do so here.</summary>
    private void Settle(SafeFileHandle directory, byte[] name, FileStatus status, (uint User, uint Group) owner)
    {
        if (_archive.Value)
            return;
        FileAt.ChangeOwner(directory, name, owner.User, owner.Group);
        if (status.Kind != FileKind.Symlink)
            FileAt.ChangeMode(directory, name, status.Permissions & NoSpecialBits);
    }
}
