using System.Text;
using Vitrine.Insight.Audit.Known;
using Vitrine.Linux;

namespace Vitrine.Insight.Audit;

/// <summary>
/// Finds which runtimes and engines the host has, in which version: by dpkg's list of packages, else by asking the program
/// itself for its version.
/// </summary>
/// <param name="hostRoot">Put before every path.</param>
/// <param name="ask">Runs a program with --version and gives what it prints; null where none may be run.</param>
/// <param name="changelog">Gives the text of a packed change log; null where it is not there.</param>
internal sealed class InstalledPrograms(string hostRoot, Func<string, string?>? ask, Func<string, string?> changelog)
{
    private const string PackageList = "/var/lib/dpkg/status";
    private const int AskTimeoutMilliseconds = 2000;
    private const int LongestAnswer = 64 << 10;
    private const int LargestChangelog = 16 << 20;
    private const uint WritableByOthers = 0x12;

    private static readonly (string Program, string[] Packages)[] Known =
    [
        ("runc", ["runc"]),
        ("crun", ["crun"]),
        ("containerd", ["containerd", "containerd.io"]),
        ("dockerd", ["docker.io", "docker-ce", "moby-engine"]),
        ("podman", ["podman"]),
        ("crio", ["cri-o"]),
        ("nvidia-ctk", ["nvidia-container-toolkit-base", "nvidia-container-toolkit"]),
    ];

    private static readonly string[] Directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"];

    private readonly Dictionary<string, string?> changelogs = [];

    public List<InstalledProgram> Find()
    {
        var packages = ReadPackageList();
        var found = new List<InstalledProgram>();
        foreach (var (program, names) in Known)
        {
            var path = Directories.Select(directory => $"{directory}/{program}").FirstOrDefault(path => File.Exists(hostRoot + path));
            if (path is null)
                continue;
            if ((path.StartsWith("/usr/local", StringComparison.Ordinal) ? null : FromPackages(program, names, packages)) is { } packaged)
                found.Add(packaged);
            else if (FromItself(program, path) is { } asked)
                found.Add(asked);
        }

        return found;
    }

    /// <summary>Whether the package's change log says that a flaw is repaired; null where there is no change log.</summary>
    public bool? IsRepaired(string package, string cve)
    {
        if (!changelogs.TryGetValue(package, out var text))
            changelogs[package] = text = changelog($"{hostRoot}/usr/share/doc/{package}/changelog.Debian.gz");
        return text?.Contains(cve, StringComparison.Ordinal);
    }

    private static InstalledProgram? FromPackages(string program, string[] names, ReadOnlySpan<byte> packages)
    {
        foreach (var name in names)
        {
            if (VersionOf(packages, name) is not { } text || SoftwareVersion.Parse(text) is not { } version)
                continue;
            var isUpstreams = name is "docker-ce" or "containerd.io" or "moby-engine" or "nvidia-container-toolkit-base" or "nvidia-container-toolkit";
            return new InstalledProgram
            {
                Name = program,
                Version = version,
                Text = text,
                Source = $"{PackageList}: {name}",
                DistributionPackage = isUpstreams ? null : name,
            };
        }

        return null;
    }

    /// <summary>The version of an installed package (deb-status: paragraphs, parted by empty lines).</summary>
    internal static string? VersionOf(ReadOnlySpan<byte> packages, string package)
    {
        var head = Encoding.UTF8.GetBytes($"Package: {package}\n");
        while (packages.IndexOf(head) is >= 0 and var start)
        {
            var isLineStart = start == 0 || packages[start - 1] == '\n';
            var paragraph = packages[start..];
            var end = paragraph.IndexOf("\n\n"u8);
            packages = end < 0 ? default : paragraph[end..];
            paragraph = end < 0 ? paragraph : paragraph[..end];
            var version = paragraph.IndexOf("\nVersion: "u8);
            if (!isLineStart || version < 0 || paragraph.IndexOf(" installed"u8) < 0)
                continue;
            var line = paragraph[(version + "\nVersion: "u8.Length)..];
            var lineEnd = line.IndexOf((byte)'\n');
            return Encoding.UTF8.GetString(lineEnd < 0 ? line : line[..lineEnd]);
        }

        return null;
    }

    private InstalledProgram? FromItself(string program, string path)
    {
        if (ask?.Invoke(path) is not { } answer)
            return null;
        var word = answer.AsSpan().IndexOfAnyInRange('0', '9');
        if (word < 0 || SoftwareVersion.Parse(answer[word..]) is not { } version)
            return null;
        var line = answer.AsSpan(0, answer.AsSpan().IndexOf('\n') is >= 0 and var end ? end : answer.Length).ToString();
        return new InstalledProgram { Name = program, Version = version, Text = line, Source = $"{path} --version" };
    }

    /// <summary>Asks a program of the host, unless others than root could have put it there.</summary>
    public static string? Ask(string path)
    {
        try
        {
            using var root = FileAt.OpenDirectory("/");
            if (FileAt.TryOpen(root, Encoding.UTF8.GetBytes(path[1..]), OpenFlags.PathOnly, ResolveFlags.None, 0, out var file) != Errno.None)
                return null;
            using (file)
            {
                if (FileAt.TryStatus(file!, default, out var status) != Errno.None || status.Uid != 0 || (status.Mode & WritableByOthers) != 0)
                    return null;
            }

            var run = Spawn.Run([path, "--version"], limit: LongestAnswer, timeout: AskTimeoutMilliseconds);
            return run.ExitCode == 0 ? Encoding.UTF8.GetString(run.Output) : null;
        }
        catch (LinuxException)
        {
            return null; // Then its version is not known.
        }
    }

    /// <summary>Unpacks a change log. gzip is essential on Debian; a decompressor of our own would be a twentieth of the program.</summary>
    public static string? Unpack(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            var run = Spawn.Run(["gzip", "-dc", path], limit: LargestChangelog, timeout: AskTimeoutMilliseconds);
            return run.ExitCode == 0 ? Encoding.UTF8.GetString(run.Output) : null;
        }
        catch (LinuxException)
        {
            return null; // No gzip, or no gzip file: then nothing is known.
        }
    }

    private byte[] ReadPackageList()
    {
        try
        {
            return File.ReadAllBytes(hostRoot + PackageList);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // Not a host of Debian's family.
        }
    }
}
