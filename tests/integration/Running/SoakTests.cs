using System.Globalization;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>Tests that count what the host holds run while no other test does.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

/// <summary>Many containers one after the other leave the host as it was.</summary>
[Collection("alone")]
public sealed class SoakTests
{
    private static readonly int Runs = int.Parse(
        System.Environment.GetEnvironmentVariable("VITRINE_SOAK_RUNS") ?? "10000", CultureInfo.InvariantCulture);

    [Fact]
    public void TenThousandRuns_GrowNothing()
    {
        using var box = new Sandbox("busybox");
        Repeat(box, 20, "bridge");
        var before = Count(box);

        // Some on the default network too, which takes longer to set up and could leave interfaces, leases and rules.
        Repeat(box, Runs / 20, "bridge");
        Repeat(box, Runs - (Runs / 20), "none");

        Eventually.Equal(before, () => Count(box), 30);
    }

    private static void Repeat(Sandbox box, int times, string network) =>
        Command.Run("sh", ["-c", $"i=0; while [ $i -lt {times} ]; do {Repository.Binary("vitrine")} run --rm --network {network} busybox true || exit 1; i=$((i+1)); done"],
            null, box.Environment, TimeSpan.FromMinutes(20)).ShouldSucceed();

    /// <summary>What could grow: mounts, cgroups of ours, processes and namespaces of ours, files in the store, interfaces.</summary>
    private static (int Mounts, int Cgroups, int Processes, int StoreFiles, int ExecFiles, int Interfaces) Count(Sandbox box) => (
        File.ReadAllLines("/proc/self/mountinfo").Length,
        Directory.GetDirectories("/sys/fs/cgroup").Sum(controller =>
            Directory.Exists($"{controller}/vitrine") ? Directory.GetDirectories($"{controller}/vitrine").Length : 0),
        ProcessTable.WithArgument(box.DataRoot).Count,
        Directory.GetFileSystemEntries(box.DataRoot, "*", SearchOption.AllDirectories).Length,
        Directory.GetFileSystemEntries(box.ExecRoot, "*", SearchOption.AllDirectories).Length,
        File.ReadAllLines("/proc/net/dev").Length);
}
