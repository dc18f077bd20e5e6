using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>Device nodes and the links that programs expect in /dev (runtime-spec config-linux.md, Default Devices).</summary>
internal static class DeviceSteps
{
    private const uint DefaultMode = 0x1B6; // 0666

    // 12 and 20 bits.
    private const int HighestMajor = 4095;
    private const int HighestMinor = 1048575;

    private static readonly Device[] s_defaults =
    [
        Character("/dev/null", 1, 3),
        Character("/dev/zero", 1, 5),
        Character("/dev/full", 1, 7),
        Character("/dev/random", 1, 8),
        Character("/dev/urandom", 1, 9),
        Character("/dev/tty", 5, 0),
    ];

    private static readonly (string Name, string Target)[] s_links =
    [
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
        ("core", "/proc/kcore"),
        ("ptmx", "pts/ptmx"),
    ];

    /// <summary>Whether /dev is the container's own, and not a directory of the host to be left as it is.</summary>
    public static bool OwnsDev(Spec spec) =>
        !(spec.Mounts ?? []).Any(mount => SpecPath.Inside(mount.Destination) == "/dev" &&
            (mount.Type == "bind" || MountOptions.Parse(mount.Options).Bind));

    /// <summary>Finds what cannot be right with a device.</summary>
    public static void Check(Device device, Problems problems)
    {
        problems.Unless(device.Type is "c" or "b" or "u" or "p", $"linux.devices: {device.Path} has unknown type \"{device.Type}\"");
        problems.Unless(!device.Path.Contains('\0') && SpecPath.Inside(device.Path) != "/", $"linux.devices: \"{device.Path}\" is no path for a device");
        problems.Unless(device.Type == "p" || (device.Major is >= 0 and <= HighestMajor && device.Minor is >= 0 and <= HighestMinor),
            $"linux.devices: {device.Path} has no possible number {device.Major}:{device.Minor}");
    }

    /// <param name="b">The program.</param>
    /// <param name="spec">The configuration.</param>
    /// <param name="root">The container's root.</param>
    /// <param name="canMakeNodes">Whether mknod is allowed; otherwise the host's nodes are bound.</param>
    public static void Emit(ProgramBuilder b, Spec spec, Register root, bool canMakeNodes)
    {
        var devices = new Dictionary<string, Device>();
        foreach (var device in s_defaults.Concat(spec.Linux?.Devices ?? []))
        {
            devices[SpecPath.Inside(device.Path)] = device;
        }

        foreach (var group in devices.GroupBy(pair => Path.GetDirectoryName(pair.Key)!))
        {
            b.Step("open", group.Key);
            // Behind a link /dev could be another filesystem, whose files the nodes and links made here would then be.
            var kind = group.Key == "/dev" ? MountPointKind.NoSymlinks : MountPointKind.Directory;
            var directory = b.MountPoint(root, group.Key, kind);
            foreach (var (path, device) in group)
            {
                if (canMakeNodes)
                    MakeNode(b, directory, path, device);
                else
                    BindNode(b, root, path, device);
            }

            if (group.Key == "/dev")
                MakeLinks(b, directory);
            b.Close(directory);
        }
    }

    private static void MakeNode(ProgramBuilder b, Register directory, string path, Device device)
    {
        var name = b.Text(Path.GetFileName(path));
        var (type, number) = TypeAndNumber(device);
        b.Step($"make device {device.Type} {device.Major}:{device.Minor}", path);
        var mode = (uint)type | ((device.FileMode ?? DefaultMode) & 0xFFF);
        b.Call(ErrorPolicy.Ignore(Errno.EEXIST), Syscall.mknodat, directory, name, mode, number);
        // What the image has there must be the same device (CVE-2025-31133: a container's own /dev/null).
        b.Do(Operation.CheckNode, directory, name, (long)type, number);
        if (device.Uid is > 0 || device.Gid is > 0)
            b.Call(Syscall.fchownat, directory, name, device.Uid ?? 0, device.Gid ?? 0, AT_SYMLINK_NOFOLLOW);
    }

    private static void BindNode(ProgramBuilder b, Register root, string path, Device device)
    {
        b.Step($"bind device {device.Path} on", path);
        var (type, number) = TypeAndNumber(device);
        var node = b.CloneTree(device.Path, recursive: false);
        b.Do(Operation.CheckNode, node, b.Empty, (long)type, number);
        b.Attach(node, b.MountPoint(root, path, path.StartsWith("/dev/", StringComparison.Ordinal) ? MountPointKind.File | MountPointKind.NoSymlinks : MountPointKind.File));
    }

    private static void MakeLinks(ProgramBuilder b, Register dev)
    {
        // Whatever an image has under this name, terminals come from the container's own devpts (CVE-2025-52565).
        b.Step("make way for", "/dev/ptmx");
        b.Call(ErrorPolicy.Ignore(Errno.ENOENT), Syscall.unlinkat, dev, b.Text("ptmx"), 0);
        foreach (var (name, target) in s_links)
        {
            b.Step($"link to {target}", $"/dev/{name}");
            b.Call(ErrorPolicy.Ignore(Errno.EEXIST), Syscall.symlinkat, b.Text(target), dev, b.Text(name));
        }
    }

    private static (int Type, long Number) TypeAndNumber(Device device) => device.Type switch
    {
        "c" or "u" => (S_IFCHR, Number(device.Major, device.Minor)),
        "b" => (S_IFBLK, Number(device.Major, device.Minor)),
        "p" => (S_IFIFO, 0),
        _ => throw Invalid.Configuration($"device {device.Path} has unknown type \"{device.Type}\""),
    };

    /// <summary>makedev(3) as the kernel decodes it: minor 0-7, major 8-19, minor 20-31.</summary>
    private static long Number(long major, long minor) => (minor & 0xFF) | (major & 0xFFF) << 8 | (minor & ~0xFFL) << 12;

    private static Device Character(string path, long major, long minor) =>
        new() { Type = "c", Path = path, Major = major, Minor = minor, FileMode = DefaultMode };
}
