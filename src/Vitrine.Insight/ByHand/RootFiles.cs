using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Insight.ByHand;

/// <summary>Looks at files in a container's root from outside; no link in it leads out.</summary>
internal static class RootFiles
{
    private const int Deepest = 4;

    /// <summary>What a path inside is; null where it is not there, or may not be looked at.</summary>
    public static FileKind? Kind(ExplainContext context, string path)
    {
        using var root = Open(context);
        if (root is null || FileAt.TryOpen(root, Inside(path), OpenFlags.PathOnly, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var file) != Errno.None)
            return null;
        using (file)
            return FileAt.TryStatus(file!, default, out var status) == Errno.None ? status.Kind : null;
    }

    /// <summary>The nodes and links of a directory and the directories below it, as deep as /dev goes.</summary>
    /// <param name="context">The container.</param>
    /// <param name="path">The directory.</param>
    /// <param name="isMount">Whether something is mounted on a path, which then is left out.</param>
    public static List<HandNode> Nodes(ExplainContext context, string path, Func<string, bool> isMount)
    {
        var nodes = new List<HandNode>();
        using var root = Open(context);
        if (root is not null)
            Collect(root, path, isMount, nodes, Deepest);
        nodes.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return nodes;
    }

    private static void Collect(SafeFileHandle root, string path, Func<string, bool> isMount, List<HandNode> nodes, int depth)
    {
        const OpenFlags flags = OpenFlags.Directory | OpenFlags.NoFollow;
        if (depth == 0 || FileAt.TryOpen(root, Inside(path), flags, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var directory) != Errno.None)
            return;
        using (directory)
        {
            using var reader = new DirectoryReader(directory!);
            while (reader.MoveNext())
            {
                var inner = $"{path}/{Encoding.UTF8.GetString(reader.Name)}";
                if (isMount(inner) || FileAt.TryStatus(directory!, reader.Name, out var status) != Errno.None)
                    continue;
                if (status.Kind == FileKind.Directory)
                    Collect(root, inner, isMount, nodes, depth - 1);
                else if (Node(directory!, reader.Name, inner, status) is { } node)
                    nodes.Add(node);
            }
        }
    }

    private static HandNode? Node(SafeFileHandle directory, ReadOnlySpan<byte> name, string path, FileStatus status)
    {
        if (status.Kind == FileKind.Symlink)
            return FileAt.TryReadLink(directory, name, out var target) == Errno.None ? new HandNode { Path = path, Target = Encoding.UTF8.GetString(target) } : null;
        var type = status.Kind switch { FileKind.CharacterDevice => 'c', FileKind.BlockDevice => 'b', FileKind.Fifo => 'p', _ => '\0' };
        return type == '\0' ? null : new HandNode
        {
            Path = path,
            Type = type,
            Major = status.Represents.Major,
            Minor = status.Represents.Minor,
            Permissions = status.Permissions,
            Uid = status.Uid,
            Gid = status.Gid,
        };
    }

    /// <summary>The root directory; null where it may not be opened.</summary>
    public static SafeFileHandle? Open(ExplainContext context)
    {
        try
        {
            return FileAt.OpenDirectory(context.Proc.PathOf(context.Pid, "root"));
        }
        catch (LinuxException)
        {
            return null; // Another user's process: what depends on it is left out, and said to be.
        }
    }

    private static byte[] Inside(string path) => Encoding.UTF8.GetBytes(path.TrimStart('/') is { Length: > 0 } inner ? inner : ".");
}
