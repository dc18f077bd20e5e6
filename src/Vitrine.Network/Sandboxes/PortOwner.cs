using System.Globalization;

namespace Vitrine.Network;

/// <summary>Finds the process that has a port, as ss(8) does: by the inode of its socket.</summary>
internal static class PortOwner
{
    /// <summary>Its pid and command name; null where it cannot be found.</summary>
    public static (int Pid, string Command)? Find(string protocol, int port)
    {
        foreach (var table in (string[])[protocol, protocol + "6"])
        {
            if (Inode($"/proc/net/{table}", port) is { } inode && Holder($"socket:[{inode}]") is { } found)
                return found;
        }
        return null;
    }

    /// <summary>The inode of the socket with a local port in a table such as /proc/net/tcp; null where there is none.</summary>
    internal static string? Inode(string path, int port)
    {
        if (!File.Exists(path))
            return null;
        foreach (var line in File.ReadLines(path))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 9 && words[1].LastIndexOf(':') is > 0 and var colon
                && int.TryParse(words[1].AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var local) && local == port)
                return words[9];
        }
        return null;
    }

    private static (int, string)? Holder(string socket)
    {
        foreach (var directory in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                continue;
            try
            {
                foreach (var file in Directory.GetFiles(directory + "/fd"))
                {
                    if (File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name == socket)
                        return (pid, File.ReadAllText(directory + "/comm").TrimEnd());
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or another user's.
            }
        }
        return null;
    }
}
