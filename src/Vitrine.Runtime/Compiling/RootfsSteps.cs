using System.Text;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>The root filesystem: put together, mounted, and made the root.</summary>
internal static class RootfsSteps
{
    // fsconfig(2) takes values of at most 256 bytes with the NUL.
    private const int LongestValue = 255;

    // mount(2) takes one page with the NUL.
    private const int LongestMountData = 4095;

    private static readonly Version s_firstWithLowerPlus = new(6, 7);

    /// <summary>Mounts the root filesystem inside the new mount namespace.</summary>
    /// <returns>Descriptors of its top directory, and of the empty directory that masks others.</returns>
    public static (Register Root, Register Empty) Mount(ProgramBuilder b, Spec spec, SetupOptions options)
    {
        Isolate(b, spec, options);
        if (options.Overlay is { } overlay)
        {
            var below = MountEmptyDirectory(b, options.RootfsMountPoint);
            return (MountOverlay(b, overlay, options), below);
        }

        // The source first: it may be the mount point itself.
        var tree = CloneRoot(b, spec, options);
        var empty = MountEmptyDirectory(b, options.RootfsMountPoint);
        b.Step("bind the root filesystem on", options.RootfsMountPoint);
        MoveTo(b, tree, options.RootfsMountPoint);
        return (tree, empty);
    }

    /// <summary>
    /// An empty read-only filesystem under the root filesystem. It is a private mount, as the parent of a new root must be,
    /// and the source of what masks directories: copies of a mount that is attached can be made on every kernel.
    /// </summary>
    private static Register MountEmptyDirectory(ProgramBuilder b, string mountPoint)
    {
        IReadOnlyList<string> options = ["ro", "nosuid", "nodev", "noexec", "nr_blocks=1", "nr_inodes=1"];
        var mount = new Mount { Destination = mountPoint, Type = "tmpfs", Source = "tmpfs", Options = options };
        var made = MountSteps.Make(b, mount, MountOptions.Parse(options));
        MoveTo(b, made, mountPoint);
        return made;
    }

    private static void MoveTo(ProgramBuilder b, Register mount, string path) =>
        b.Call(Syscall.move_mount, mount, b.Empty, AT_FDCWD, b.Text(path), (long)MoveMountFlags.FromEmptyPath);

    /// <summary>Makes the mounted filesystem the root, and takes the host's out of sight.</summary>
    public static void Pivot(ProgramBuilder b, Spec spec, Register root)
    {
        var dot = b.Text(".");
        if (spec.Root?.Readonly == true)
        {
            b.Step("make the root filesystem read-only");
            b.SetAttributes(root, new MountAttr { attr_set = MountAttributes.ReadOnly }, recursive: false);
        }

        b.Step("make it the root");
        b.Call(Syscall.fchdir, root);
        b.Call(Syscall.pivot_root, dot, dot);
        // The host's tree now lies on top of the new root at "."; as a slave first, or its unmounting would travel to the host.
        b.Step("take the host's mounts out of sight");
        b.Call(Syscall.mount, 0, dot, 0, (long)(MountFlags.Slave | MountFlags.Recursive));
        b.Call(Syscall.umount2, dot, (long)UnmountFlags.Detach);
        b.Call(Syscall.chdir, b.Text("/"));
        if (Propagation(spec) is { } propagation)
        {
            b.Step("propagation of the root filesystem", null, [spec.Linux!.RootfsPropagation!]);
            b.Call(Syscall.mount, 0, b.Text("/"), 0, (long)propagation);
        }
    }

    /// <summary>No mount made from here on reaches the host, unless the configuration says so.</summary>
    private static void Isolate(ProgramBuilder b, Spec spec, SetupOptions options)
    {
        var propagation = Propagation(spec) ?? (MountFlags.Slave | MountFlags.Recursive);
        b.Step("keep mounts from travelling to the host", "/", [spec.Linux?.RootfsPropagation ?? "rslave"]);
        b.Call(Syscall.mount, 0, b.Text("/"), 0, (long)propagation);
        if (!propagation.HasFlag(MountFlags.Shared))
            return;
        // With shared mounts the one that holds the mount point must be private, or the root filesystem would appear on the host.
        var parent = MountHolding(options.RootfsMountPoint);
        b.Step("make the mount that holds the mount point private", parent);
        b.Call(Syscall.mount, 0, b.Text(parent), 0, (long)MountFlags.Private);
    }

    /// <summary>Mounts an overlay on options.RootfsMountPoint.</summary>
    public static Register MountOverlay(ProgramBuilder b, OverlayRoot overlay, SetupOptions options)
    {
        if (overlay.Lower.Count == 0)
            throw new VitrineException(ErrorKind.Invalid, "an overlay root needs at least one lower directory");
        var result = b.NewRegister();
        var old = b.NewLabel();
        var done = b.NewLabel();

        var fits = overlay.Lower.Append(overlay.Upper).Append(overlay.Work).All(path => path.Length <= LongestValue);
        if (fits && (options.Kernel ?? Environment.OSVersion.Version) >= s_firstWithLowerPlus)
        {
            b.Step("mount overlay on", options.RootfsMountPoint, [$"{overlay.Lower.Count} lower"]);
            AssembleOverlay(b, overlay, result, old);
            MoveTo(b, result, options.RootfsMountPoint);
            b.Branch(Operation.Jump, done);
        }

        b.Mark(old);
        b.Step("mount overlay on", options.RootfsMountPoint, [$"{overlay.Lower.Count} lower", "by mount(2)"]);
        MountOverlayByPath(b, overlay, options.RootfsMountPoint, result);
        b.Mark(done);
        return result;
    }

    /// <summary>
    /// One call for each layer: no limit on their number but the kernel's own 500. A kernel that does not know
    /// <c>lowerdir+</c> answers EINVAL, at once or when the filesystem is created.
    /// </summary>
    private static void AssembleOverlay(ProgramBuilder b, OverlayRoot overlay, Register result, Label old)
    {
        var policy = ErrorPolicy.Goto(old, Errno.EINVAL);
        var fs = b.Keep(Syscall.fsopen, b.Text("overlay"), FSOPEN_CLOEXEC);
        Configure(b, policy, fs, "source", "overlay");
        foreach (var lower in overlay.Lower)
            Configure(b, policy, fs, "lowerdir+", lower);
        Configure(b, policy, fs, "upperdir", overlay.Upper);
        Configure(b, policy, fs, "workdir", overlay.Work);
        // The upper directory must stay readable without overlayfs: whole files at their own places.
        Configure(b, policy, fs, "redirect_dir", "off");
        Configure(b, policy, fs, "metacopy", "off");
        Configure(b, policy, fs, "index", "off");
        b.Call(policy, Syscall.fsconfig, fs, (long)FsConfigCommand.Create, 0, 0, 0);
        b.KeepIn(result, ErrorPolicy.Fail, Syscall.fsmount, fs, FSMOUNT_CLOEXEC, 0);
        b.Close(fs);
    }

    private static void Configure(ProgramBuilder b, ErrorPolicy policy, Register fs, string key, string value) =>
        b.Call(policy, Syscall.fsconfig, fs, (long)FsConfigCommand.SetString, b.Text(key), b.Text(value), 0);

    private static void MountOverlayByPath(ProgramBuilder b, OverlayRoot overlay, string mountPoint, Register result)
    {
        // The options must fit one page: the layers are named relative to the directory they share.
        var directory = CommonDirectory(overlay.Lower);
        b.Call(Syscall.chdir, b.Text(directory));
        var lower = string.Join(':', overlay.Lower.Select(path => Escape(path[directory.Length..].TrimStart('/'))));
        var data = $"lowerdir={lower},upperdir={Escape(overlay.Upper)},workdir={Escape(overlay.Work)}," +
            "redirect_dir=off,metacopy=off,index=off";
        if (Encoding.UTF8.GetByteCount(data) > LongestMountData)
            throw new VitrineException(ErrorKind.Invalid, $"the image's {overlay.Lower.Count} layers do not fit one mount on this kernel: " +
                "use Linux 6.7, or a data root with a shorter path");
        b.Call(Syscall.mount, b.Text("overlay"), b.Text(mountPoint), b.Text("overlay"), 0, b.Text(data));
        b.Call(Syscall.chdir, b.Text("/"));
        b.KeepIn(result, ErrorPolicy.Fail, Syscall.openat2, AT_FDCWD, b.Text(mountPoint),
            b.Struct(new OpenHow { flags = O_PATH | O_CLOEXEC }), 24);
    }

    private static string CommonDirectory(IReadOnlyList<string> paths)
    {
        var common = Path.GetDirectoryName(paths[0]) ?? "/";
        foreach (var path in paths)
            while (common != "/" && !path.StartsWith(common + "/", StringComparison.Ordinal))
                common = Path.GetDirectoryName(common) ?? "/";
        return common;
    }

    /// <summary>Colons part the layers and commas the options.</summary>
    private static string Escape(string path) => path.Replace("\\", "\\\\").Replace(":", "\\:").Replace(",", "\\,");

    private static Register CloneRoot(ProgramBuilder b, Spec spec, SetupOptions options)
    {
        var path = spec.Root?.Path ?? throw Invalid.Configuration("root.path is missing");
        var source = SpecPath.OnHost(path, options.BundlePath);
        b.Step("take the root filesystem from", source);
        return b.CloneTree(source, recursive: true);
    }

    private static MountFlags? Propagation(Spec spec) => spec.Linux?.RootfsPropagation switch
    {
        null or "" => null,
        "private" => MountFlags.Private,
        "rprivate" => MountFlags.Private | MountFlags.Recursive,
        "slave" => MountFlags.Slave,
        "rslave" => MountFlags.Slave | MountFlags.Recursive,
        "shared" => MountFlags.Shared,
        "rshared" => MountFlags.Shared | MountFlags.Recursive,
        "unbindable" => MountFlags.Unbindable,
        "runbindable" => MountFlags.Unbindable | MountFlags.Recursive,
        var other => throw Invalid.Configuration($"unknown rootfsPropagation \"{other}\""),
    };

    private static string MountHolding(string path)
    {
        var holder = "/";
        foreach (var mount in MountEntry.Parse(File.ReadAllBytes("/proc/self/mountinfo")))
        {
            var holds = path == mount.MountPoint || path.StartsWith(mount.MountPoint + "/", StringComparison.Ordinal);
            if (holds && mount.MountPoint.Length > holder.Length)
                holder = mount.MountPoint;
        }

        return holder;
    }
}
