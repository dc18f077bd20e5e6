using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime;

/// <summary>
/// Each Golden/NAME.json compiles to the program in Golden/NAME.txt. After a wanted change, run with
/// VITRINE_UPDATE_GOLDEN=1 and read the difference.
/// </summary>
public sealed class SetupProgramGoldenTests
{
    private static readonly CgroupHierarchy s_memory = new() { Version = 1, MountPoint = "/sys/fs/cgroup/memory", Controllers = ["memory"] };
    private static readonly CgroupHierarchy s_cpu = new() { Version = 1, MountPoint = "/sys/fs/cgroup/cpu,cpuacct", Controllers = ["cpu", "cpuacct"] };
    private static readonly CgroupHierarchy s_systemd = new() { Version = 1, MountPoint = "/sys/fs/cgroup/systemd", Name = "systemd" };
    private static readonly CgroupHierarchy s_unified = new() { Version = 2, MountPoint = "/sys/fs/cgroup", Controllers = ["memory"] };
    private static readonly CgroupLayout s_v1 = new([s_memory, s_cpu, s_systemd]);

    public static TheoryData<string> Names => [.. Directory.GetFiles(GoldenDirectory(), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Compile_Configuration_GivesTheGoldenProgram(string name)
    {
        var program = Compile(name, Read(name));
        using var text = new StringWriter { NewLine = "\n" };
        program.Render(text);
        foreach (var warning in program.Warnings)
            text.WriteLine($"warning: {warning}");

        var golden = Path.Combine(GoldenDirectory(), name + ".txt");
        if (Environment.GetEnvironmentVariable("VITRINE_UPDATE_GOLDEN") is not null)
            File.WriteAllText(golden, text.ToString());
        Assert.Equal(File.ReadAllText(golden), text.ToString());
    }

    private static SetupProgram Compile(string name, Spec spec)
    {
        if (name.StartsWith("exec", StringComparison.Ordinal))
        {
            using var pidFd = new SafeFileHandle(9, ownsHandle: false);
            return SetupCompiler.CompileExec(spec, spec.Process!, new ExecTarget(77, pidFd), privileged: name == "exec-privileged", CapabilitySet.AllNamed.Bits);
        }

        return SetupCompiler.Compile(spec, new SetupOptions
        {
            BundlePath = "/bundle",
            RootfsMountPoint = "/run/vitrine/rootfs",
            Overlay = name.StartsWith("overlay", StringComparison.Ordinal) ? new OverlayRoot(["/layers/b/diff", "/layers/a/diff"], "/c/upper", "/c/work") : null,
            Init = name.StartsWith("init", StringComparison.Ordinal),
            Kernel = name == "overlay-by-path" ? new Version(6, 1) : new Version(6, 18),
            Cgroups = name == "cgroup-v2" ? new CgroupLayout([s_unified]) : s_v1,
            AvailableCapabilities = CapabilitySet.AllNamed.Without(Capability.CAP_SYS_RESOURCE).Bits,
        });
    }

    private static Spec Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(GoldenDirectory(), name + ".json"));
        return JsonSerializer.Deserialize(file, RuntimeJson.Default.Spec)!;
    }

    private static string GoldenDirectory([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
