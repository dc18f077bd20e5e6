using System.Text;
using Vitrine.Insight.Audit.Known;
using Vitrine.Insight.Host;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Audit;

/// <summary>What rules want to know of the host: each thing read when it is first asked for, and once.</summary>
internal sealed class HostFacts
{
    private readonly ProcFs proc;
    private readonly string hostRoot;
    private readonly HostSnapshot snapshot;
    private readonly Func<string, FileStatus?>? stat;
    private readonly Dictionary<string, string?> texts = [];
    private readonly Lazy<IReadOnlyList<InstalledProgram>> programs;
    private readonly Lazy<IReadOnlyList<DockerDaemon>> daemons;
    private readonly Lazy<IReadOnlyList<IReadOnlyList<string>>> groups;
    private readonly Lazy<IReadOnlyList<string>> cgroupV1;
    private readonly InstalledPrograms finder;
    private readonly Dictionary<string, IReadOnlyList<(SoftwareFlaw Flaw, bool IsSure)>> flaws = [];

    public HostFacts(HostView view, HostSnapshot snapshot, AuditOptions options)
    {
        (proc, hostRoot, this.snapshot, stat) = (view.Proc, options.HostRoot, snapshot, options.Stat);
        finder = new InstalledPrograms(hostRoot, options.AskVersion, options.Changelog);
        programs = new(finder.Find);
        daemons = new(() => [.. Processes("dockerd").Select(pid => new DockerDaemon(pid, Arguments(pid), hostRoot))]);
        groups = new(ReadGroups);
        cgroupV1 = new(() => [.. view.ReaderMounts.Where(mount => mount.FileSystem == "cgroup").Select(mount => mount.MountPoint)]);
        Kernel = KernelVersion.Parse(Sysctl("kernel/osrelease"), Text("/proc/version"));
    }

    /// <summary>The running kernel; null where /proc does not tell.</summary>
    public KernelVersion? Kernel { get; }

    public IReadOnlyList<InstalledProgram> Programs => programs.Value;

    public IReadOnlyList<DockerDaemon> DockerDaemons => daemons.Value;

    /// <summary>A setting below /proc/sys, without blanks at its ends; null where the kernel does not have it, or does not tell.</summary>
    public string? Sysctl(string name) => Text($"/proc/sys/{name}");

    /// <summary>Where a setting is.</summary>
    public static string SysctlPath(string name) => $"/proc/sys/{name}";

    /// <summary>A setting that is a number; null where it is not there.</summary>
    public long? Number(string name) => long.TryParse(Sysctl(name), out var number) ? number : null;

    /// <summary>A small text file of the kernel; null where it is not there or may not be read.</summary>
    public string? Text(string path)
    {
        if (texts.TryGetValue(path, out var text))
            return text;
        try
        {
            text = path.StartsWith("/proc/", StringComparison.Ordinal) ? proc.SystemText(path["/proc/".Length..]) : KernelFile.Read(hostRoot + path);
        }
        catch (LinuxException)
        {
            text = null;
        }

        return texts[path] = text?.Trim();
    }

    /// <summary>Names in a directory; empty where it is not there.</summary>
    public IReadOnlyList<string> Names(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(hostRoot + directory).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>What a path is, links followed; null where it is not there.</summary>
    public HostFile? File(string path)
    {
        if (stat is not null)
            return stat(path) is { } known ? new HostFile(path, known) : null;
        try
        {
            using var root = FileAt.OpenDirectory(hostRoot.Length == 0 ? "/" : hostRoot);
            if (FileAt.TryOpen(root, Encoding.UTF8.GetBytes(path.TrimStart('/')), OpenFlags.PathOnly, ResolveFlags.InRoot, 0, out var file) != Errno.None)
                return null;
            using (file)
                return FileAt.TryStatus(file!, default, out var status) == Errno.None ? new HostFile(path, status) : null;
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    /// <summary>Where cgroup v1 hierarchies with controllers are mounted.</summary>
    public IReadOnlyList<string> CgroupV1Mounts => cgroupV1.Value;

    /// <summary>Pids of the host's own processes of a name, as the kernel cuts it.</summary>
    public IEnumerable<int> Processes(string command)
    {
        foreach (var process in snapshot.Processes)
        {
            if (process.Command == command)
                yield return process.Pid;
        }
    }

    public IReadOnlyList<string> Arguments(int pid)
    {
        try
        {
            return proc.CommandLine(pid) ?? [];
        }
        catch (LinuxException)
        {
            return [];
        }
    }

    /// <summary>The line of /etc/group of a group id: name, password, id, members; null where there is none.</summary>
    public IReadOnlyList<string>? Group(uint id) => groups.Value.FirstOrDefault(line => line[2] == id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    // Whether a distribution's package says that it has repaired a flaw; null where it does not tell.
    private bool? IsRepaired(InstalledProgram program, string cve) =>
        program.DistributionPackage is { } package ? finder.IsRepaired(package, cve) : false;

    /// <summary>
    /// Flaws of a program, by its version, that its package is not known to have repaired. The second value is false where a
    /// distribution's package may have, and does not tell.
    /// </summary>
    public IReadOnlyList<(SoftwareFlaw Flaw, bool IsSure)> FlawsOf(InstalledProgram program)
    {
        if (flaws.TryGetValue(program.Name, out var known))
            return known;
        var found = new List<(SoftwareFlaw Flaw, bool IsSure)>();
        foreach (var flaw in SoftwareFlaws.All)
        {
            if (flaw.Program == program.Name && flaw.IsIn(program.Version) && IsRepaired(program, flaw.Cve) is var repaired and not true)
                found.Add((flaw, repaired == false));
        }

        return flaws[program.Name] = found;
    }

    private List<IReadOnlyList<string>> ReadGroups()
    {
        try
        {
            return [.. System.IO.File.ReadLines($"{hostRoot}/etc/group").Select(line => line.Split(':')).Where(parts => parts.Length == 4)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
