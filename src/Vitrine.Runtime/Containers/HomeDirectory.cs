using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime.Containers;

/// <summary>
/// HOME for a process whose configuration has none, as runc and crun add it: from the container's own /etc/passwd, which is
/// read inside its root and only so far.
/// </summary>
internal static class HomeDirectory
{
    private const string Name = "HOME=";
    private const int LongestFile = 1 << 20;

    /// <summary>The process with a HOME.</summary>
    /// <param name="process">The process.</param>
    /// <param name="root">The container's root directory, by a path of the host.</param>
    public static ProcessSpec Add(ProcessSpec process, string root)
    {
        foreach (var entry in process.Env ?? [])
            if (entry.StartsWith(Name, StringComparison.Ordinal))
                return process;
        return process with { Env = [.. process.Env ?? [], Name + (Find(root, process.User.Uid) ?? "/")] };
    }

    // Many an image has no such file: an exception for that would be a fiftieth of an exec.
    private static string? Find(string root, uint uid)
    {
        if (Fd.TryOpen(root, OpenFlags.PathOnly | OpenFlags.Directory, out var directory) != Errno.None)
            return null;
        using var inside = directory!;
        if (FileAt.TryOpen(inside, "etc/passwd"u8, OpenFlags.ReadOnly | OpenFlags.NonBlocking, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var file) != Errno.None)
            return null;
        using var users = file!;
        try
        {
            return Find(users, uid.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // A directory, a fifo: an image may have anything there.
            return null;
        }
    }

    private static string? Find(SafeFileHandle file, string uid)
    {
        var length = RandomAccess.GetLength(file);
        if (length is 0 or > LongestFile)
            return null;
        var bytes = new byte[length];
        var text = Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        foreach (var line in text.Split('\n'))
        {
            var fields = line.Split(':');
            if (fields.Length >= 6 && fields[2] == uid && fields[5].Length > 0)
                return fields[5];
        }

        return null;
    }
}
