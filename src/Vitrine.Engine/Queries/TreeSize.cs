using System.IO.Enumeration;

namespace Vitrine.Engine.Queries;

/// <summary>Counts the bytes of the files below a directory; links are not followed.</summary>
internal static class TreeSize
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true };

    public static long Of(string directory, CancellationToken cancellation)
    {
        if (!Directory.Exists(directory))
            return 0;
        var sizes = new FileSystemEnumerable<long>(directory, static (ref FileSystemEntry entry) => entry.Length, Everything)
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory && entry.Attributes is not FileAttributes.Device,
            ShouldRecursePredicate = static (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        var total = 0L;
        foreach (var size in sizes)
        {
            cancellation.ThrowIfCancellationRequested();
            total += size;
        }
        return total;
    }
}
