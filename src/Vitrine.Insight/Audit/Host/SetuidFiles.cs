using System.Diagnostics;
using System.Text;
using Vitrine.Linux;

namespace Vitrine.Insight.Audit;

/// <summary>
/// Finds set-user-id and set-group-id programs below directories, each directory once however many containers have it as a
/// layer, until a budget of time is spent.
/// </summary>
internal sealed class SetuidFiles(string hostRoot, TimeSpan budget)
{
    private const uint SetUserId = 0x800;
    private const uint SetGroupId = 0x400;
    private const uint Executable = 0x49;
    private const int Deepest = 64;

    private readonly Dictionary<string, Found> known = [];
    private long spent;

    /// <summary>Paths below the directory, and whether the budget ended before all was seen.</summary>
    public sealed record Found(IReadOnlyList<string> Paths, bool IsIncomplete);

    public static bool IsSetuid(FileStatus status) =>
        status.Kind == FileKind.Regular && (status.Mode & (SetUserId | SetGroupId)) != 0 && (status.Mode & Executable) != 0;

    public Found Below(string directory)
    {
        if (known.TryGetValue(directory, out var found))
            return found;
        var started = Stopwatch.GetTimestamp();
        var paths = new List<string>();
        var isWhole = false;
        try
        {
            using var root = FileAt.OpenDirectory(hostRoot + directory);
            isWhole = Walk(root, "", 0, started, paths);
        }
        catch (LinuxException)
        {
            // Another user's store: what was not seen is said to be incomplete.
        }

        spent += Stopwatch.GetTimestamp() - started;
        return known[directory] = new Found(paths, !isWhole);
    }

    private bool IsSpent(long started) =>
        (spent + Stopwatch.GetTimestamp() - started) / (double)Stopwatch.Frequency > budget.TotalSeconds;

    private bool Walk(Microsoft.Win32.SafeHandles.SafeFileHandle directory, string path, int depth, long started, List<string> paths)
    {
        if (depth > Deepest || IsSpent(started))
            return false;
        var directories = new List<byte[]>();
        var names = new DirectoryReader(directory);
        try
        {
            while (names.MoveNext())
            {
                if (names.Kind is FileKind.Directory or FileKind.Unknown)
                    directories.Add(names.Name.ToArray());
                if (names.Kind is FileKind.Regular or FileKind.Unknown
                    && FileAt.TryStatus(directory, names.Name, out var status) == Errno.None && IsSetuid(status))
                    paths.Add($"{path}/{Encoding.UTF8.GetString(names.Name)}");
            }
        }
        finally
        {
            names.Dispose();
        }

        var isWhole = true;
        foreach (var name in directories)
        {
            if (FileAt.TryOpen(directory, name, OpenFlags.Directory | OpenFlags.NoFollow, ResolveFlags.NoSymlinks | ResolveFlags.Beneath, 0, out var below) != Errno.None)
                continue;
            using (below)
                isWhole &= Walk(below!, $"{path}/{Encoding.UTF8.GetString(name)}", depth + 1, started, paths);
        }

        return isWhole;
    }
}
