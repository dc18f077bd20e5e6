using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime.Namespaces;

/// <summary>The root of a debugging process: tools, and the container's tree below /container.</summary>
internal static class DebugRootSteps
{
    // Any directory that every host has: what is mounted on it is only in the way of the old root, which goes.
    private const string Workplace = "/proc";
    private const int SharedDirectory = 0x3ff; // 01777
    private const int OwnDirectory = 0x1c0; // 0700

    // What a resolver and hostname(1) read is the container's, so that names mean the same.
    private static readonly string[] s_containersOwn = ["etc/resolv.conf", "etc/hosts", "etc/hostname"];

    /// <summary>What the new root is made of, each a tree that is attached nowhere.</summary>
    /// <param name="Container">The copy of the container's.</param>
    /// <param name="Devices">The caller's /dev: the terminal is there. Null where the container's is to be used.</param>
    /// <param name="Directories">Of the host.</param>
    public sealed record Parts(Register Container, Register? Devices, IReadOnlyList<(string Path, Register Tree)> Directories);

    /// <summary>A mount namespace of this process's own, from which nothing travels back.</summary>
    /// <returns>A descriptor to come back to it.</returns>
    public static Register CopyMounts(ProgramBuilder b)
    {
        b.Step("copy the mount namespace, and let nothing travel back");
        b.Call(Syscall.unshare, (long)CloneFlags.NewMount);
        b.Call(Syscall.mount, 0, b.Text("/"), 0, (long)(MountFlags.Private | MountFlags.Recursive));
        return b.Open("/proc/thread-self/ns/mnt", O_CLOEXEC);
    }

    public static Parts Take(ProgramBuilder b, ToolsRoot tools, ExecTarget target, Register root, Register own)
    {
        var directories = new List<(string, Register)>();
        foreach (var path in tools.Directories)
        {
            b.Step("take a read-only copy of", path);
            var tree = b.CloneTree(path, recursive: true);
            b.SetAttributes(tree, new MountAttr { attr_set = MountAttributes.ReadOnly }, recursive: true);
            directories.Add((path, tree));
        }

        // Who is confined gets no device of the host's into his hands.
        var devices = tools.Confinement is null ? TakeDevices(b) : (Register?)null;
        b.Step("take a copy of the container's tree, of which no mount hears of the others");
        // Only inside of their mount namespace does the kernel copy mounts.
        b.Call(Syscall.setns, target.PidFd.DangerousGetHandle(), (long)CloneFlags.NewMount);
        var container = b.CloneTree(root, recursive: true);
        b.Call(Syscall.setns, own, (long)CloneFlags.NewMount);
        b.SetAttributes(container, new MountAttr { propagation = MountPropagation.Private }, recursive: true);
        b.Close(own);
        b.Close(root);
        return new Parts(container, devices, directories);
    }

    public static void PutTogether(ProgramBuilder b, ToolsRoot tools, Parts parts)
    {
        var root = tools.Layers.Count > 0 ? Overlay(b, tools.Layers) : Empty(b, tools.Links);
        foreach (var (path, tree) in parts.Directories)
        {
            b.Step("bring", path);
            b.Attach(tree, b.MountPoint(root, path[1..], MountPointKind.Directory));
        }

        b.Step("bring the container's tree to", ToolsRoot.ContainerDirectory);
        b.Attach(parts.Container, b.MountPoint(root, ToolsRoot.ContainerDirectory[1..], MountPointKind.Directory));
        var container = b.OpenIn(root, ToolsRoot.ContainerDirectory[1..], O_PATH | O_CLOEXEC);
        b.Step(parts.Devices is null ? "use the container's" : "bring", "/dev");
        if (parts.Devices is { } devices)
            b.Attach(devices, b.MountPoint(root, "dev", MountPointKind.Directory));
        else
            BindTree(b, root, container, "dev");
        Kernel(b, root, container, "proc");
        Kernel(b, root, container, "sysfs");
        foreach (var file in s_containersOwn)
            BindOwn(b, root, container, file);
        b.Close(container);
        RootfsSteps.Pivot(b, new Spec(), root);
    }

    private static Register Empty(ProgramBuilder b, IReadOnlyDictionary<string, string> links)
    {
        var root = NewTmpfs(b, Workplace);
        foreach (var (name, target) in links)
        {
            b.Step("make the link", $"/{name}");
            b.Call(Syscall.symlinkat, b.Text(target), root, b.Text(name));
        }

        b.Step("make empty directories", "/tmp, /run, /root");
        b.Call(Syscall.mkdirat, root, b.Text("tmp"), SharedDirectory);
        b.Call(Syscall.mkdirat, root, b.Text("run"), SharedDirectory);
        b.Call(Syscall.mkdirat, root, b.Text("root"), OwnDirectory);
        return root;
    }

    /// <summary>The image's layers under a layer in memory: a package that is installed into it is gone with the process.</summary>
    private static Register Overlay(ProgramBuilder b, IReadOnlyList<string> layers)
    {
        var memory = NewTmpfs(b, Workplace);
        foreach (var directory in (ReadOnlySpan<string>)["upper", "work", "merged"])
            b.Call(Syscall.mkdirat, memory, b.Text(directory), 0x1ed);
        b.Close(memory);
        var overlay = new OverlayRoot(layers, $"{Workplace}/upper", $"{Workplace}/work");
        return RootfsSteps.MountOverlay(b, overlay, new SetupOptions { BundlePath = "/", RootfsMountPoint = $"{Workplace}/merged" });
    }

    private static Register NewTmpfs(ProgramBuilder b, string place)
    {
        b.Step("mount tmpfs on", place);
        var made = NewFileSystem(b, ErrorPolicy.Fail, "tmpfs", MountAttributes.NoSuid | MountAttributes.NoDev);
        b.Call(Syscall.move_mount, made, b.Empty, AT_FDCWD, b.Text(place), (long)MoveMountFlags.FromEmptyPath);
        return made;
    }

    private static Register NewFileSystem(ProgramBuilder b, ErrorPolicy policy, string type, MountAttributes attributes)
    {
        var fs = b.Keep(policy, Syscall.fsopen, b.Text(type), FSOPEN_CLOEXEC);
        if (type == "tmpfs")
            b.Call(policy, Syscall.fsconfig, fs, (long)FsConfigCommand.SetString, b.Text("mode"), b.Text("0755"), 0);
        b.Call(policy, Syscall.fsconfig, fs, (long)FsConfigCommand.Create, 0, 0, 0);
        var made = b.Keep(policy, Syscall.fsmount, fs, FSMOUNT_CLOEXEC, (long)attributes);
        b.Close(fs);
        return made;
    }

    /// <summary>
    /// A procfs or sysfs of the namespaces that were joined. Where a user namespace hides parts of its own, it may not have a new
    /// one in which they are seen: then the container's is there.
    /// </summary>
    private static void Kernel(ProgramBuilder b, Register root, Register container, string type)
    {
        var place = type == "proc" ? "proc" : "sys";
        var (old, ready) = (b.NewLabel(), b.NewLabel());
        b.Step($"mount {type}, or the container's, on", $"/{place}");
        var made = NewFileSystem(b, ErrorPolicy.Goto(old, Errno.EPERM, Errno.ENODEV, Errno.EBUSY), type,
            MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec);
        b.Move(made, b.MountPoint(root, place, MountPointKind.Directory));
        b.Branch(Operation.Jump, ready);
        b.Mark(old);
        BindTree(b, root, container, place);
        b.Mark(ready);
    }

    private static Register TakeDevices(ProgramBuilder b)
    {
        b.Step("take a copy of", "/dev");
        return b.CloneTree("/dev", recursive: true);
    }

    /// <summary>A directory of the container's with all its mounts; an empty one where it has none.</summary>
    private static void BindTree(ProgramBuilder b, Register root, Register container, string place)
    {
        var missing = b.NewLabel();
        var target = b.MountPoint(root, place, MountPointKind.Directory);
        var own = b.OpenIn(ErrorPolicy.Goto(missing, Errno.ENOENT, Errno.ENOTDIR), container, place, O_PATH | O_CLOEXEC | O_DIRECTORY);
        b.Move(b.CloneTree(own, recursive: true), target);
        b.Close(own);
        b.Mark(missing);
    }

    /// <summary>A file of the container's, at the same place; where either has none, the tools' own stays.</summary>
    private static void BindOwn(ProgramBuilder b, Register root, Register container, string file)
    {
        var skip = b.NewLabel();
        var policy = ErrorPolicy.Goto(skip, Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);
        b.Step("use the container's", $"/{file}");
        var source = b.OpenIn(policy, container, file, O_PATH | O_CLOEXEC);
        var target = b.OpenIn(policy, root, file, O_PATH | O_CLOEXEC);
        var tree = b.CloneTree(source, recursive: false);
        b.Attach(tree, target);
        b.Close(source);
        b.Mark(skip);
    }
}
