using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>
/// The mounts of the configuration, in its order. Each is made detached and then moved onto an open mount point, so that no
/// path is resolved twice.
/// </summary>
internal static class MountSteps
{
    /// <summary>Finds what cannot be right with a mount.</summary>
    public static void Check(Mount mount, string place, bool userNamespace, Problems problems)
    {
        if (mount.Destination.Contains('\0') || mount.Source?.Contains('\0') == true)
        {
            problems.Add($"{place}: NUL character in path");
            return;
        }

        var options = MountOptions.Parse(mount.Options);
        var bind = IsBind(mount, options);
        problems.Unless(SpecPath.Inside(mount.Destination) != "/", $"{place}: mount destination \"{mount.Destination}\" must be a path other than /");
        problems.Unless(!bind || options.Remount || mount.Source is { Length: > 0 }, $"{place}: bind mount on {mount.Destination} has no source");
        problems.Unless(bind || options.Remount || mount.Type is { Length: > 0 }, $"{place}: mount on {mount.Destination} has no type");
        problems.Unless(!options.CopyUp || mount.Type == "tmpfs", $"{place}: tmpcopyup is for a tmpfs");
        problems.Unless(!options.CopyLink || bind, $"{place}: copy-symlink is for a bind mount");
        var mapped = mount.UidMappings is { Count: > 0 };
        problems.Unless(mapped == mount.GidMappings is { Count: > 0 }, $"{place}: uidMappings and gidMappings go together");
        problems.Unless(!(options.IdMapped || mapped) || bind, $"{place}: only a bind mount can have ids mapped");
        problems.Unless(!options.IdMapped || mapped || userNamespace, $"{place}: idmap needs uidMappings and gidMappings, or a user namespace");
    }

    public static void Emit(ProgramBuilder b, Mount mount, Spec spec, SetupOptions options, Register root)
    {
        var parsed = MountOptions.Parse(mount.Options);
        if (parsed.Remount)
            Remount(b, mount, parsed, root);
        else if (IsBind(mount, parsed))
            Bind(b, mount, parsed, spec, options, root);
        else
            New(b, mount, parsed, spec.Linux?.MountLabel, root);
    }

    /// <summary>Makes a filesystem that is mounted nowhere yet.</summary>
    public static Register Make(ProgramBuilder b, Mount mount, MountOptions options, string? type = null,
        IReadOnlyList<string>? data = null, string? label = null)
    {
        type ??= mount.Type!;
        b.Step($"mount {type} on", mount.Destination, mount.Options);
        var fs = b.Keep(Syscall.fsopen, b.Text(type), FSOPEN_CLOEXEC);
        if (!string.IsNullOrEmpty(mount.Source))
            b.Call(Syscall.fsconfig, fs, (long)FsConfigCommand.SetString, b.Text("source"), b.Text(mount.Source), 0);
        // A disk must not be written to at all, as the replay of a journal would.
        if (options.ReadOnly && mount.Source?.StartsWith('/') == true)
            Configure(b, fs, "ro");
        foreach (var option in data ?? options.Data)
            Configure(b, fs, option);
        if (!string.IsNullOrEmpty(label))
            Configure(b, fs, $"context={label}");
        b.Call(Syscall.fsconfig, fs, (long)FsConfigCommand.Create, 0, 0, 0);
        // A new filesystem is a tree of one mount, so what is meant for all of them is meant for it.
        var made = b.Keep(Syscall.fsmount, fs, FSMOUNT_CLOEXEC, (long)NewAttributes(options));
        b.Close(fs);
        if (options.Propagation != MountPropagation.Unchanged)
            b.SetAttributes(made, new MountAttr { propagation = options.Propagation }, recursive: false);
        return made;
    }

    private static bool IsBind(Mount mount, MountOptions options) => options.Bind || mount.Type == "bind";

    private static void New(ProgramBuilder b, Mount mount, MountOptions options, string? label, Register root)
    {
        // SELinux knows these two by their own types.
        var made = Make(b, mount, options, label: mount.Type is "proc" or "sysfs" ? null : label);
        var target = Target(b, mount, root);
        if (options.CopyUp)
        {
            b.Step("copy what is below it into", mount.Destination);
            b.Do(Operation.CopyTree, target, made);
            if (options.ReadOnly)
                b.SetAttributes(made, new MountAttr { attr_set = MountAttributes.ReadOnly }, recursive: false);
        }

        b.Attach(made, target);
    }

    private static void Configure(ProgramBuilder b, Register fs, string option)
    {
        var equals = option.IndexOf('=');
        if (equals < 0)
            b.Call(Syscall.fsconfig, fs, (long)FsConfigCommand.SetFlag, b.Text(option), 0, 0);
        else
            b.Call(Syscall.fsconfig, fs, (long)FsConfigCommand.SetString, b.Text(option[..equals]), b.Text(option[(equals + 1)..]), 0);
    }

    private static Register Target(ProgramBuilder b, Mount mount, Register root)
    {
        // A link in place of /proc or /sys could move them to where what masks them does not reach (CVE-2019-19921).
        var strict = mount.Type is "proc" or "sysfs" ? MountPointKind.NoSymlinks : MountPointKind.Directory;
        return b.MountPoint(root, SpecPath.Inside(mount.Destination), strict);
    }

    private static void Remount(ProgramBuilder b, Mount mount, MountOptions options, Register root)
    {
        b.Step("change the mount on", mount.Destination, mount.Options);
        var target = b.OpenIn(root, SpecPath.Inside(mount.Destination), O_PATH | O_CLOEXEC);
        if (!IsBind(mount, options) && options.Data.Count > 0)
        {
            var fs = b.Keep(Syscall.fspick, target, b.Empty, FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);
            foreach (var option in options.Data)
                Configure(b, fs, option);
            b.Call(Syscall.fsconfig, fs, (long)FsConfigCommand.Reconfigure, 0, 0, 0);
            b.Close(fs);
        }

        SetAttributes(b, target, options);
        b.Close(target);
    }

    private static void Bind(ProgramBuilder b, Mount mount, MountOptions options, Spec spec, SetupOptions setup, Register root)
    {
        var path = SpecPath.OnHost(mount.Source!, setup.BundlePath);
        var destination = SpecPath.Inside(mount.Destination);
        var next = b.NewLabel();
        if (options.CopyLink)
            CopyLink(b, path, destination, root, next);
        b.Step($"bind {path} on", mount.Destination, mount.Options);
        var tree = options.IdMapped || mount.UidMappings is { Count: > 0 }
            ? b.MappedTree(new IdMappedMount(path, options.BindRecursively, options.IdMapsRecursively, mount, spec.Linux))
            : options.Namespace is { } other ? b.CloneTreeOf(other, path, options.BindRecursively)
            : options.Subdirectory is { } part ? b.CloneTreeIn(path, part, options.BindRecursively)
            : b.CloneTree(path, options.BindRecursively);
        var target = b.MountPointLike(root, destination, tree);
        SetAttributes(b, tree, options);
        b.Attach(tree, target);
        b.Mark(next);
    }

    /// <summary>A source that is no link is bound as usual.</summary>
    private static void CopyLink(ProgramBuilder b, string path, string destination, Register root, Label next)
    {
        var bind = b.NewLabel();
        b.Step($"copy the link {path} to", destination);
        var directory = b.MountPoint(root, Path.GetDirectoryName(destination)!, MountPointKind.Directory);
        b.Do(ErrorPolicy.Goto(bind, Errno.EINVAL), Operation.CopyLink, b.Text(path), directory, b.Text(Path.GetFileName(destination)));
        b.Close(directory);
        b.Branch(Operation.Jump, next);
        b.Mark(bind);
        b.Close(directory);
    }

    private static void SetAttributes(ProgramBuilder b, Register mount, MountOptions options)
    {
        var whole = Attributes(options, recursive: true);
        var top = Attributes(options, recursive: false);
        if (Changes(whole))
            b.SetAttributes(mount, whole, recursive: true);
        if (Changes(top))
            b.SetAttributes(mount, top, recursive: false);
    }

    private static MountAttributes NewAttributes(MountOptions options) =>
        (options.Set | options.SetRecursively) & (options.CopyUp ? ~MountAttributes.ReadOnly : (MountAttributes)ulong.MaxValue);

    private static MountAttr Attributes(MountOptions options, bool recursive) => new()
    {
        attr_set = recursive ? options.SetRecursively : options.Set,
        attr_clr = recursive ? options.ClearRecursively : options.Clear,
        propagation = recursive == options.PropagateRecursively ? options.Propagation : MountPropagation.Unchanged,
    };

    private static bool Changes(in MountAttr attr) =>
        attr.attr_set != MountAttributes.None || attr.attr_clr != MountAttributes.None || attr.propagation != MountPropagation.Unchanged;
}
