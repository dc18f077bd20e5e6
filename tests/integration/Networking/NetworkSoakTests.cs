using System.Diagnostics;
using System.Globalization;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Networking;

/// <summary>
/// Many containers on one bridge, and many comings and goings of one container: nothing grows and nothing stays.
/// VITRINE_SOAK_CONTAINERS and VITRINE_SOAK_CONNECTS ask for more than the suite's own; 500 and 2000 are what is promised.
/// </summary>
public sealed class NetworkSoakTests(NetworkLab lab, ITestOutputHelper output) : IClassFixture<NetworkLab>
{
    [Fact]
    public void ManyContainers_OnOneBridge_AreFoundByNameAndLeaveNothing()
    {
        var count = Asked("VITRINE_SOAK_CONTAINERS", 12);
        lab.Do("network", "create", "--subnet", "10.80.0.0/20", "many");
        var before = Kernel();
        // Each beside one without a network, so that what else the machine does is in both.
        var (times, others) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = 0; i < count; i++)
        {
            times.Add(Timed("run", "-d", "--name", $"many{i}", "--network", "many", "-p", "80", "busybox", "sleep", "86400"));
            others.Add(Timed("run", "--rm", "--network", "none", "busybox", "true"));
        }
        var tenth = Math.Max(1, count / 10);
        var (first, last) = (Median(times[..tenth]) / Median(others[..tenth]), Median(times[^tenth..]) / Median(others[^tenth..]));
        output.WriteLine($"{count} containers: the first tenth started in {Median(times[..tenth]).TotalMilliseconds:F1} ms each, the last in {Median(times[^tenth..]).TotalMilliseconds:F1} ms; "
            + $"{first:F2} and {last:F2} times a run without a network");

        lab.Client("many-client", "--network", "many");
        var begunNames = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i += tenth)
            Assert.Equal(lab.Address($"many{i}", "many"), lab.Resolve("many-client", $"many{i}"));
        output.WriteLine($"asking for a name, by way of exec: {Stopwatch.GetElapsedTime(begunNames).TotalMilliseconds / 10:F1} ms");

        lab.Do(["rm", "-f", "many-client", .. Enumerable.Range(0, count).Select(i => $"many{i}")]);
        Eventually.Equal(before, Kernel, 120);
        Eventually.Equal("", lab.Leftovers, 60);
        lab.Do("network", "rm", "many");
        Assert.True(count < 100 || last < first * 1.5, $"the last are {last:F2} times a run without a network, the first {first:F2}");
    }

    [Fact]
    public void ManyConnectsAndDisconnects_LeaveNothing()
    {
        var count = Asked("VITRINE_SOAK_CONNECTS", 25);
        lab.Do("network", "create", "often");
        lab.Client("visitor", "-p", "80");
        var shim = lab.ShimPid("visitor");
        Cycle();
        var before = (Kernel(), Descriptors(shim));
        var memory = Private(shim);
        for (var i = 0; i < count; i++)
            Cycle();
        Assert.Equal("lo eth0", lab.Do("exec", "visitor", "sh", "-c", "echo $(ls /sys/class/net | sort -r)"));
        Eventually.Equal(before, () => (Kernel(), Descriptors(shim)), 60);
        // It gives back what it needed once it has nothing to do.
        Eventually.True(() => Private(shim) < memory + 512, $"the shim's {memory} kB do not grow", 30);
        output.WriteLine($"{count} cycles: the shim had {memory} kB of its own and has {Private(shim)} kB");
        lab.Do("rm", "-f", "visitor");
        lab.Do("network", "rm", "often");
    }

    private static int Asked(string variable, int otherwise) =>
        int.Parse(Environment.GetEnvironmentVariable(variable) ?? $"{otherwise}", CultureInfo.InvariantCulture);

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private TimeSpan Timed(params IEnumerable<string> arguments)
    {
        var begun = Stopwatch.GetTimestamp();
        lab.Do(arguments);
        return Stopwatch.GetElapsedTime(begun);
    }

    private void Cycle()
    {
        lab.Do("network", "connect", "--alias", "guest", "often", "visitor");
        lab.Do("network", "disconnect", "often", "visitor");
    }

    /// <summary>What the host's kernel and the run directory have: interfaces, rules and elements, routes, leases, sandboxes.</summary>
    // Whether a bridge without ports is shown as down is a matter of the moment.
    private string Kernel() => lab.OnHost("sh", "-c", "ip -o link | sed 's/^[0-9]*: //;s/@.*//;s/:.*//' | sort; nft list ruleset; ip route | sed 's/ *linkdown//;s/ *$//'; "
        + $"ip -6 route | grep -v ^fe80; find {lab.ExecRoot}/leases -type f | sort; ls {lab.ExecRoot}/sandboxes").Text;

    private static int Descriptors(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;

    /// <summary>kB of memory that a process shares with none.</summary>
    private static int Private(int pid) => File.ReadLines($"/proc/{pid}/smaps_rollup").Where(line => line.StartsWith("Private_Dirty:", StringComparison.Ordinal))
        .Select(line => int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).Single();
}
