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
    public static void Emit(ProgramBuilder b, Mount mount, SetupOptions options, Register root)
    {
        if (!mount.Destination.StartsWith('/') || SpecPath.Inside(mount.Destination) == "/")
            throw Invalid.Configuration($"mount destination \"{mount.Destination}\" must be an absolute path other than /");
        if (mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 })
            throw Invalid.Unsupported($"id-mapped mount on {mount.Destination}");

        var parsed = MountOptions.Parse(mount.Options);
        if (parsed.Bind || mount.Type == "bind")
            Bind(b, mount, parsed, options, root);
        else
            b.Attach(Make(b, mount, parsed), Target(b, mount, root));
    }

    /// <summary>Makes a filesystem that is mounted nowhere yet.</summary>
    public static Register Make(ProgramBuilder b, Mount mount, MountOptions options, string? type = null,
        IReadOnlyList<string>? data = null)
    {
        type ??= mount.Type ?? throw Invalid.Configuration($"mount on {mount.Destination} has no type");
        b.Step($"mount {type} on", mount.Destination, mount.Options);
        var fs = b.Keep(Syscall.fsopen, b.Text(type), FSOPEN_CLOEXEC);
        if (!string.IsNullOrEmpty(mount.Source))
            b.Call(Syscall.fsconfig, fs, (long)FsConfigCommand.SetString, b.Text("source"), b.Text(mount.Source), 0);
        foreach (var option in data ?? options.Data)
            Configure(b, fs, option);
        b.Call(Syscall.fsconfig, fs, (long)FsConfigCommand.Create, 0, 0, 0);
        var made = b.Keep(Syscall.fsmount, fs, FSMOUNT_CLOEXEC, (long)options.Set);
        b.Close(fs);
        if (options.Propagation != MountPropagation.Unchanged)
            b.SetAttributes(made, new MountAttr { propagation = options.Propagation }, recursive: false);
        return made;
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

    private static void Bind(ProgramBuilder b, Mount mount, MountOptions options, SetupOptions setup, Register root)
    {
        var path = mount.Source is { Length: > 0 } given
            ? SpecPath.OnHost(given, setup.BundlePath)
            : throw Invalid.Configuration($"bind mount on {mount.Destination} has no source");
        b.Step($"bind {path} on", mount.Destination, mount.Options);
        var tree = b.CloneTree(path, options.BindRecursively);
        var target = b.MountPointLike(root, SpecPath.Inside(mount.Destination), tree);
        var whole = Attributes(options, recursive: true);
        var top = Attributes(options, recursive: false);
        if (Changes(whole))
            b.SetAttributes(tree, whole, recursive: true);
        if (Changes(top))
            b.SetAttributes(tree, top, recursive: false);
        b.Attach(tree, target);
    }

    private static MountAttr Attributes(MountOptions options, bool recursive) => new()
    {
        attr_set = recursive ? options.SetRecursively : options.Set,
        attr_clr = recursive ? options.ClearRecursively : options.Clear,
        propagation = recursive == options.PropagateRecursively ? options.Propagation : MountPropagation.Unchanged,
    };

    private static bool Changes(in MountAttr attr) =>
        attr.attr_set != MountAttributes.None || attr.attr_clr != MountAttributes.None || attr.propagation != MountPropagation.Unchanged;
}
