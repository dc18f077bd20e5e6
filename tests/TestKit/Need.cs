using System.Runtime.InteropServices;
using Xunit;

namespace Vitrine.TestKit;

/// <summary>
/// What a test needs of the machine. Missing: the test is skipped with the reason, unless VITRINE_CI_OFFERS declares
/// that the machine has it - then it fails, so that nothing is left out in silence.
/// </summary>
public static class Need
{
    private static readonly string[] Offers =
        (Environment.GetEnvironmentVariable("VITRINE_CI_OFFERS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static void Root() => Check("root", Environment.UserName == "root", "root rights");

    public static void CgroupV1() =>
        Check("cgroup-v1", Directory.Exists("/sys/fs/cgroup/memory") && Directory.Exists("/sys/fs/cgroup/pids"), "cgroup v1 controllers");

    public static void Overlay() =>
        Check("overlay", File.ReadAllText("/proc/filesystems").Contains("\toverlay\n", StringComparison.Ordinal), "overlayfs");

    public static void Program(string name, string offer) =>
        Check(offer, FindProgram(name) is not null, $"the program {name}");

    /// <summary>Docker's command line of a major version or later: the words of older ones are others.</summary>
    public static void DockerCli(int major) =>
        Check($"docker-cli-{major}", FindProgram("docker") is { } docker && Command.Run(docker, "version", "--format", "{{.Client.Version}}") is var answer
            && int.TryParse(answer.Stdout.Split('.')[0], out var found) && found >= major, $"docker's command line, version {major} or later");

    public static string? FindProgram(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    public static Architecture Architecture => RuntimeInformation.ProcessArchitecture;

    private static void Check(string offer, bool present, string what)
    {
        if (present)
            return;
        if (Offers.Contains(offer))
            Assert.Fail($"this machine is declared to offer '{offer}' but lacks {what}");
        Assert.Skip($"needs {what}");
    }
}
