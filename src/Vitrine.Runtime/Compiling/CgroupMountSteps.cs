using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>The container's view of its cgroups: the v2 tree, or on a v1 host a directory with one mount for each hierarchy.</summary>
internal static class CgroupMountSteps
{
    private const int DirectoryMode = 0x1ED; // 0755

    public static void Emit(ProgramBuilder b, Mount mount, Spec spec, SetupOptions options, Register root)
    {
        var layout = options.Cgroup?.Layout ?? options.Cgroups ?? CgroupLayout.Read();
        var namespaces = NamespacePlan.Of(spec);
        // Root of a user namespace may write where its own user may on the host: without a view of its own, to other cgroups (CVE-2023-25809).
        if (namespaces.Has(NamespaceKind.User) && !namespaces.Has(NamespaceKind.Cgroup))
            mount = mount with { Options = [.. mount.Options ?? [], "ro"] };
        var parsed = MountOptions.Parse(mount.Options);
        // Without a cgroup namespace of its own the container would see all of the host's: it gets its own directories only.
        var own = namespaces.Has(NamespaceKind.Cgroup)
            ? null
            : options.Cgroup ?? (spec.Linux?.CgroupsPath is { } path
                ? CgroupsPath.Resolve(path, "", layout)
                : throw Invalid.Configuration("a cgroup mount without cgroup namespace needs linux.cgroupsPath"));
        if (layout.IsUnified)
        {
            b.Attach(MakeHierarchy(b, mount, parsed, layout.Hierarchies[0], own), Directory(b, root, mount.Destination));
            return;
        }

        var holderOptions = MountOptions.Parse(["nosuid", "nodev", "noexec"]);
        var holder = MountSteps.Make(b, mount with { Source = "tmpfs" }, holderOptions, "tmpfs", ["mode=755"]);
        b.Move(holder, Directory(b, root, mount.Destination));
        foreach (var hierarchy in layout.Hierarchies)
            EmitHierarchy(b, mount, parsed, hierarchy, own, holder);
        if (parsed.ReadOnly)
        {
            b.Step("make read-only", mount.Destination);
            b.SetAttributes(holder, new MountAttr { attr_set = MountAttributes.ReadOnly }, recursive: false);
        }

        b.Close(holder);
    }

    /// <summary>Names relative to the holder need no care: nobody but this program has been in that filesystem.</summary>
    private static void EmitHierarchy(ProgramBuilder b, Mount mount, MountOptions options, CgroupHierarchy hierarchy,
        Cgroup? own, Register holder)
    {
        var part = mount with { Destination = $"{mount.Destination.TrimEnd('/')}/{hierarchy.DirectoryName}" };
        var made = MakeHierarchy(b, part, options, hierarchy, own);
        var name = b.Text(hierarchy.DirectoryName);
        b.Call(Syscall.mkdirat, holder, name, DirectoryMode);
        b.Call(Syscall.move_mount, made, b.Empty, holder, name, (long)MoveMountFlags.FromEmptyPath);
        b.Close(made);
        if (hierarchy is not { Version: 1, Controllers.Count: > 1 })
            return;

        // Tools look for each controller by its own name: cpu -> cpu,cpuacct.
        foreach (var controller in hierarchy.Controllers)
            b.Call(ErrorPolicy.Ignore(Errno.EEXIST), Syscall.symlinkat, name, holder, b.Text(controller));
    }

    private static Register MakeHierarchy(ProgramBuilder b, Mount mount, MountOptions options, CgroupHierarchy hierarchy,
        Cgroup? own)
    {
        if (own is not null)
            return CloneOwnDirectory(b, mount, options, own.DirectoryIn(hierarchy));
        if (hierarchy.Version == 2)
            return MountSteps.Make(b, mount with { Source = "cgroup" }, options, "cgroup2", []);
        var name = hierarchy.Name is null ? [] : new[] { $"name={hierarchy.Name}" };
        var none = hierarchy is { Controllers.Count: 0 } ? new[] { "none" } : [];
        return MountSteps.Make(b, mount with { Source = "cgroup" }, options, "cgroup", [.. none, .. hierarchy.Controllers, .. name]);
    }

    private static Register CloneOwnDirectory(ProgramBuilder b, Mount mount, MountOptions options, string path)
    {
        b.Step($"bind {path} on", mount.Destination, mount.Options);
        var tree = b.CloneTree(path, recursive: false);
        var attributes = new MountAttr { attr_set = options.Set, attr_clr = options.Clear, propagation = options.Propagation };
        b.SetAttributes(tree, attributes, recursive: false);
        return tree;
    }

    private static Register Directory(ProgramBuilder b, Register root, string path) =>
        b.MountPoint(root, SpecPath.Inside(path), MountPointKind.Directory);
}
