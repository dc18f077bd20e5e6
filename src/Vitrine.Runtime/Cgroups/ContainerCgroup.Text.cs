using System.Text;
using Vitrine.Linux;

namespace Vitrine.Runtime;

public sealed partial class ContainerCgroup
{
    /// <summary>
    /// Where it is, for a state file: the path where it is the same in every hierarchy, else a line <c>NAME=DIRECTORY</c> for each.
    /// The empty text is no cgroup at all.
    /// </summary>
    public string ToText()
    {
        if (Cgroup.Layout.Hierarchies.All(hierarchy => Cgroup.DirectoryIn(hierarchy) == hierarchy.MountPoint + Cgroup.Path))
            return Cgroup.Layout.Hierarchies.Count == 0 ? "" : Cgroup.Path;
        var text = new StringBuilder();
        foreach (var (name, directory) in Cgroup.Directories)
            text.Append(name).Append('=').Append(directory).Append('\n');
        return text.ToString();
    }

    /// <summary>The cgroup that <see cref="ToText"/> was written of.</summary>
    /// <exception cref="ArgumentException">It is no such text.</exception>
    public static ContainerCgroup FromText(string text, CgroupLayout? layout = null)
    {
        if (text.StartsWith('/'))
            return Open(text, layout);
        var directories = new Dictionary<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // The name of a named hierarchy has an equals sign itself, a directory begins with a slash.
            var end = line.IndexOf("=/", StringComparison.Ordinal);
            directories[end < 0 ? throw new ArgumentException($"no cgroup directory: \"{line}\"", nameof(text)) : line[..end]] = line[(end + 1)..];
        }

        return new(Cgroup.FromDirectories(directories, layout));
    }
}
