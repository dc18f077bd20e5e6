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
        Eventually.Equal(0, () => ProcessTable.WithArgument(box.DataRoot).Count, 30);
        var before = Count(box);

        // Some on the default network too, which takes longer to set up and could leave interfaces, leases and rules.
        Repeat(box, Runs / 20, "bridge");
        Repeat(box, Runs - (Runs / 20), "none");

        // The kernel takes its time to clear a network namespace away: what went late only after the first count is no growth.
        Eventually.True(() => Count(box).Zip(before).All(pair => pair.First.Count <= pair.Second.Count),
            $"nothing has grown since {string.Join(", ", before)}: {string.Join(", ", Count(box))}", 60);
    }

    private static void Repeat(Sandbox box, int times, string network) =>
        Command.Run("sh", ["-c", $"i=0; while [ $i -lt {times} ]; do {Repository.Binary("vitrine")} run --rm --network {network} busybox true || exit 1; i=$((i+1)); done"],
            null, box.Environment, TimeSpan.FromMinutes(20)).ShouldSucceed();

    /// <summary>What could grow: mounts, cgroups of ours, processes and namespaces of ours, files in the store, interfaces.</summary>
    private static List<(string What, int Count)> Count(Sandbox box) =>
    [
        ("mounts", File.ReadAllLines("/proc/self/mountinfo").Length),
        ("cgroups", Directory.GetDirectories("/sys/fs/cgroup").Sum(controller =>
            Directory.Exists($"{controller}/vitrine") ? Directory.GetDirectories($"{controller}/vitrine").Length : 0)),
        ("processes", ProcessTable.WithArgument(box.DataRoot).Count),
        ("files in the store", Directory.GetFileSystemEntries(box.DataRoot, "*", SearchOption.AllDirectories).Length),
        // The event log is rotated into one further file, once.
        ("files below the exec root", Directory.GetFileSystemEntries(box.ExecRoot, "*", SearchOption.AllDirectories)
            .Count(file => !Path.GetFileName(file).StartsWith("events.jsonl", StringComparison.Ordinal))),
        ("interfaces", File.ReadAllLines("/proc/net/dev").Length),
    ];
}
