using System.Text;
using Vitrine.Linux;

namespace Vitrine.Runtime;

public sealed partial class ContainerCgroup
{
    private const string Unit = "unit ";
    private const string UserUnit = "user-unit ";

    /// <summary>
    /// Where it is, for a state file: the path where it is the same in every hierarchy, else a line <c>NAME=DIRECTORY</c> for each;
    /// then a line <c>unit NAME</c> or <c>user-unit NAME</c> where it is systemd's. The empty text is no cgroup at all.
    /// </summary>
    public string ToText() => _unit is null ? DirectoriesText() : $"{DirectoriesText().TrimEnd('\n')}\n{(_unit.User ? UserUnit : Unit)}{_unit.Name}";

    private string DirectoriesText()
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
        var directories = new Dictionary<string, string>();
        string? path = null;
        SystemdUnit? unit = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('/'))
                path = line;
            if (line.StartsWith(Unit, StringComparison.Ordinal))
                unit = new(line[Unit.Length..], "", User: false);
            else if (line.StartsWith(UserUnit, StringComparison.Ordinal))
                unit = new(line[UserUnit.Length..], "", User: true);
            if (path == line || unit is not null)
                continue;
            // The name of a named hierarchy has an equals sign itself, a directory begins with a slash.
            var end = line.IndexOf("=/", StringComparison.Ordinal);
            directories[end < 0 ? throw new ArgumentException($"no cgroup directory: \"{line}\"", nameof(text)) : line[..end]] = line[(end + 1)..];
        }

        return new(path is null ? Cgroup.FromDirectories(directories, layout) : Cgroup.Open(path, layout), unit: unit);
    }
}
