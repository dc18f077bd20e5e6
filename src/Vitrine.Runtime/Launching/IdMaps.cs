
namespace Vitrine.Runtime;

/// <summary>Writes the id maps of a new user namespace (user_namespaces(7)), which its parent namespace must do.</summary>
internal static class IdMaps
{
    /// <exception cref="SetupException">The kernel refused a map.</exception>
    public static void Write(int pid, SetupProgram program)
    {
        WriteFile($"/proc/{pid}/uid_map", program.UidMap);
        WriteFile($"/proc/{pid}/gid_map", program.GidMap);
    }

    private static void WriteFile(string path, string map)
    {
        try
        {
            // One write: the kernel takes the map whole and only once.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
            RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes(map), 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"unable to start container process: write {path}: {e.Message}", cause: e);
        }
    }
}
