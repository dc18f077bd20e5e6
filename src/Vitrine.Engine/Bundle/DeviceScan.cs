using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Engine.Docker;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Engine.Bundle;

/// <summary>Looks up device nodes of the host.</summary>
internal static class DeviceScan
{
    /// <summary>Subdirectories of /dev with a meaning of their own in each container, and what they hold.</summary>
    private static readonly string[] Skipped = ["pts", "shm", "fd", "mqueue", "console", "ptmx", "log", ".lxc", ".lxd-mounts", ".udev"];

    /// <summary>The devices of --device; a directory stands for all below it.</summary>
    /// <exception cref="VitrineException">Invalid: no such device.</exception>
    public static IReadOnlyList<HostDevice> Requested(IReadOnlyList<DeviceMapping> mappings)
    {
        var devices = new List<HostDevice>();
        foreach (var mapping in mappings)
        {
            var target = mapping.PathInContainer.Length > 0 ? mapping.PathInContainer : mapping.PathOnHost;
            var access = mapping.CgroupPermissions.Length > 0 ? mapping.CgroupPermissions : "rwm";
            var status = StatusOf(mapping.PathOnHost) ?? throw Missing(mapping.PathOnHost, "no such file or directory");
            if (status.Kind is FileKind.Directory)
                Walk(mapping.PathOnHost, target, access, devices);
            else
                devices.Add(new(ToNode(status, target) ?? throw Missing(mapping.PathOnHost, "not a device node"), access));
        }
        return devices;
    }

    /// <summary>Every device of the host, for a privileged container.</summary>
    public static IReadOnlyList<HostDevice> AllOfHost(string root = "/dev")
    {
        var devices = new List<HostDevice>();
        Walk(root, root, "rwm", devices);
        return devices;
    }

    /// <summary>The number of a block device, for I/O limits.</summary>
    /// <exception cref="VitrineException">Invalid: no such device.</exception>
    public static DeviceNumber Number(string path) =>
        StatusOf(path) is { Kind: FileKind.BlockDevice or FileKind.CharacterDevice } status
            ? status.Represents
            : throw Missing(path, "no such device");

    private static void Walk(string directory, string target, string access, List<HostDevice> devices)
    {
        using var handle = FileAt.OpenDirectory(directory);
        var names = new List<string>();
        using (var reader = new DirectoryReader(handle))
        {
            while (reader.MoveNext())
                names.Add(Encoding.UTF8.GetString(reader.Name));
        }
        names.Sort(StringComparer.Ordinal);
        foreach (var name in names.Except(Skipped))
        {
            if (FileAt.TryStatus(handle, Encoding.UTF8.GetBytes(name), out var status) != Errno.None)
                continue;
            if (status.Kind is FileKind.Directory)
                Walk($"{directory}/{name}", $"{target}/{name}", access, devices);
            else if (ToNode(status, $"{target}/{name}") is { } node)
                devices.Add(new(node, access));
        }
    }

    private static Device? ToNode(FileStatus status, string path)
    {
        var type = status.Kind switch { FileKind.CharacterDevice => "c", FileKind.BlockDevice => "b", _ => null };
        return type is null
            ? null
            : new Device
            {
                Type = type,
                Path = path,
                Major = status.Represents.Major,
                Minor = status.Represents.Minor,
                FileMode = status.Permissions,
                Uid = status.Uid,
                Gid = status.Gid,
            };
    }

    private static FileStatus? StatusOf(string path)
    {
        using var root = FileAt.OpenDirectory("/");
        var error = FileAt.TryOpen(root, Encoding.UTF8.GetBytes(path), OpenFlags.PathOnly, ResolveFlags.None, 0, out SafeFileHandle? file);
        using (file)
        {
            return error == Errno.None ? FileAt.Status(file!, []) : null;
        }
    }

    private static VitrineException Missing(string path, string why) =>
        new(ErrorKind.Invalid, $"error gathering device information while adding custom device \"{path}\": {why}");
}
