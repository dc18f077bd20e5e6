using System.Diagnostics;
using System.IO.Enumeration;

namespace Vitrine.Insight.Mounts;

/// <summary>Counts the files of a directory tree within a time budget, without following links.</summary>
internal sealed class TreeSize(TimeSpan budget)
{
    private readonly long end = Stopwatch.GetTimestamp() + (long)(budget.TotalSeconds * Stopwatch.Frequency);

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = 0,
        IgnoreInaccessible = true,
        ReturnSpecialDirectories = false,
    };

    /// <summary>Bytes of regular files, number of entries, and whether the budget ended first. Null where the tree cannot be read.</summary>
    public (long Bytes, long Entries, bool Incomplete)? Measure(string directory)
    {
        if (!Directory.Exists(directory))
            return null;
        long bytes = 0, entries = 0;
        try
        {
            foreach (var length in new FileSystemEnumerable<long>(directory, Length, Everything)
            {
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            })
            {
                bytes += length;
                entries++;
                if (Stopwatch.GetTimestamp() > end)
                    return (bytes, entries, true);
            }
        }
        catch (IOException)
        {
            return (bytes, entries, true); // The tree changes while it is walked.
        }

        return (bytes, entries, false);
    }

    private static long Length(ref FileSystemEntry entry) =>
        entry.IsDirectory || entry.Attributes.HasFlag(FileAttributes.ReparsePoint) ? 0 : entry.Length;
}
