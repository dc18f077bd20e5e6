using System.Globalization;

namespace Vitrine.TestKit;

/// <summary>What the host itself says of processes, read from /proc without Vitrine's own readers.</summary>
public static class ProcessTable
{
    public static int Parent(int pid) => int.Parse(Status(pid, "PPid"), CultureInfo.InvariantCulture);

    public static bool Exists(int pid) => Directory.Exists($"/proc/{pid}") && Status(pid, "State")[0] != 'Z';

    public static string Name(int pid) => Status(pid, "Name");

    /// <summary>A line of /proc/PID/status.</summary>
    public static string Status(int pid, string field) =>
        File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..].Trim();

    /// <summary>The command lines of living processes that hold a text.</summary>
    public static IReadOnlyList<string> WithArgument(string text)
    {
        var found = new List<string>();
        foreach (var directory in Directory.GetDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(directory), out var pid) && pid != Environment.ProcessId
                    && File.ReadAllText($"{directory}/cmdline").Replace('\0', ' ') is var line
                    && line.Contains(text, StringComparison.Ordinal))
                    found.Add($"{pid} {line}");
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        return found;
    }

    public static string Namespace(int pid, string kind) => new FileInfo($"/proc/{pid}/ns/{kind}").LinkTarget!;
}

/// <summary>cgroup directories of a container, in every hierarchy of the host.</summary>
public static class Cgroups
{
    public static IReadOnlyList<string> Of(string containerId) =>
        Directory.GetDirectories("/sys/fs/cgroup")
            .Select(controller => Path.Combine(controller, "vitrine", containerId))
            .Where(Directory.Exists).ToList();

    public static string Read(string containerId, string controller, string file) =>
        File.ReadAllText($"/sys/fs/cgroup/{controller}/vitrine/{containerId}/{file}").Trim();
}
