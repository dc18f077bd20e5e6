using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Api.Serving;

/// <summary>The unix socket that clients know by its name.</summary>
internal static class ListenSocket
{
    private const int Backlog = 512;
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Makes a socket that listens: (1) whoever serves the name already is left alone, and one that nobody serves any more is
    /// replaced, (2) it is bound to a name of its own, (3) gets owner and mode, (4) listens, and (5) takes the name.
    /// </summary>
    /// <param name="path">Its name.</param>
    /// <param name="group">Who may connect beside root; null for nobody.</param>
    /// <exception cref="VitrineException">Conflict: another server listens there; Invalid: no such group, or no place for a socket.</exception>
    public static Socket Open(string path, string? group)
    {
        var gid = group is null ? (uint?)null : FindGroup(group);
        var directory = Path.GetDirectoryName(path) ?? "/";
        if (!Directory.Exists(directory))
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        if (IsServed(path))
            throw new VitrineException(ErrorKind.Conflict, $"another server listens on {path} already");
        if (Exists(directory, Path.GetFileName(path)) is not (null or FileKind.Socket))
            throw new VitrineException(ErrorKind.Invalid, $"{path} exists and is no socket: remove it, or choose another with --host");
        var temporary = $"{path}.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
        File.Delete(temporary);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(temporary));
            File.SetUnixFileMode(temporary, gid is null ? OwnerAlone : OwnerAndGroup);
            if (gid is { } owner)
                Give(directory, Path.GetFileName(temporary), owner);
            socket.Listen(Backlog);
            File.Move(temporary, path, overwrite: true);
            return socket;
        }
        catch (Exception e)
        {
            socket.Dispose();
            File.Delete(temporary);
            if (e is VitrineException)
                throw;
            throw new VitrineException(ErrorKind.Invalid, $"cannot listen on {path}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Whether a server is there. That somebody listens is not enough: a process that a killed server was just starting has its
    /// sockets until it becomes another program.
    /// </summary>
    private static bool IsServed(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            // 0 is a process of another pid namespace.
            return PeerCredentials.Of(probe) is not { Pid: > 0 and var pid } || ProcFs.Host.Stat(pid) is { IsDead: false };
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static FileKind? Exists(string directory, string name)
    {
        using var parent = FileAt.OpenDirectory(directory);
        return FileAt.TryStatus(parent, Encoding.UTF8.GetBytes(name), out var status) is Errno.None ? status.Kind : null;
    }

    /// <summary>Gives the socket to a group, and lets the group into a directory that was root's alone; what else is in it stays closed.</summary>
    private static void Give(string directory, string name, uint group)
    {
        using var parent = FileAt.OpenDirectory(directory);
        FileAt.ChangeOwner(parent, Encoding.UTF8.GetBytes(name), 0, group);
        var mode = FileAt.Status(parent, []).Permissions;
        if ((mode & 0x9) != 0)
            return;
        FileOn.ChangeOwner(parent, 0, group);
        FileOn.ChangeMode(parent, mode | 0x8);
    }

    private static uint FindGroup(string group)
    {
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        foreach (var line in File.ReadLines("/etc/group"))
        {
            if (line.Split(':') is [var name, _, var gid, ..] && name == group && uint.TryParse(gid, NumberStyles.None, CultureInfo.InvariantCulture, out number))
                return number;
        }
        throw new VitrineException(ErrorKind.Invalid, $"there is no group '{group}' in /etc/group: make it with groupadd, or leave --group out");
    }
}
