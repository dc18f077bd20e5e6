using System.Globalization;
using System.Runtime.InteropServices;

namespace Vitrine.Engine.Queries;

/// <summary>What version and info tell of the host, read from where the kernel and the distribution say it.</summary>
public static class HostDescription
{
    /// <summary>In OCI's words: amd64, arm64.</summary>
    public static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>In the kernel's words: x86_64, aarch64.</summary>
    public static string Machine => Architecture switch
    {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        var other => other,
    };

    public static string KernelVersion => ReadLine("/proc/sys/kernel/osrelease");

    public static string HostName => ReadLine("/proc/sys/kernel/hostname");

    /// <summary>The distribution's name for people.</summary>
    public static string OperatingSystem => Release("PRETTY_NAME") is { Length: > 0 } name ? name : "Linux";

    /// <summary>The distribution's version.</summary>
    public static string OsVersion => Release("VERSION_ID");

    /// <summary>Bytes of memory.</summary>
    public static long TotalMemory
    {
        get
        {
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith("MemTotal:", StringComparison.Ordinal)) ?? "";
            // MemTotal:       24683644 kB
            return line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
                && long.TryParse(kilobytes, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value * 1024 : 0;
        }
    }

    /// <summary>"2" where the unified hierarchy has controllers, otherwise "1".</summary>
    public static string CgroupVersion =>
        File.Exists("/sys/fs/cgroup/cgroup.controllers") && ReadLine("/sys/fs/cgroup/cgroup.controllers").Length > 0 ? "2" : "1";

    private static string Release(string name) => File.Exists("/etc/os-release")
        ? File.ReadLines("/etc/os-release").FirstOrDefault(l => l.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..].Trim('"') ?? ""
        : "";

    private static string ReadLine(string path) => File.ReadLines(path).FirstOrDefault("");
}
