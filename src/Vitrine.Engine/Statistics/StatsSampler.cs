using System.Globalization;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Running;
using Vitrine.Linux;

namespace Vitrine.Engine.Statistics;

/// <summary>Measures what containers use, at one moment.</summary>
/// <param name="procRoot">Where /proc is.</param>
internal sealed class StatsSampler(string procRoot = "/proc")
{
    /// <summary>USER_HZ is 100 everywhere: /proc/stat counts hundredths of a second.</summary>
    private const ulong TickNanoseconds = 10_000_000;

    /// <param name="found">The container; nothing is measured of one that does not run.</param>
    /// <param name="before">The moment before.</param>
    /// <param name="now">The time.</param>
    public ContainerStats Measure(Container found, ContainerStats? before, DateTimeOffset now)
    {
        var stats = new ContainerStats { Id = found.Id, Name = found.Record.Name };
        if (!found.State.IsRunning)
            return stats;
        var used = CgroupStatistics.Read(Cgroup.Open(found.Record.CgroupPath));
        var (cpu, processors) = ParseHostCpu(File.ReadLines(Path.Join(procRoot, "stat")));
        return stats with
        {
            Read = now,
            Used = used,
            MemoryLimit = Math.Min(used.Memory.Usage.Limit is 0 ? ulong.MaxValue : used.Memory.Usage.Limit, HostMemory()),
            HostCpu = cpu,
            Processors = processors,
            Networks = found.Record.HostConfig.NetworkMode == "host" ? null : Networks(found.State.Pid),
            Before = before is null ? null : before with { Before = null },
        };
    }

    /// <summary>The whole time, and the number of processors (proc_stat(5)). Guest time is in user time already.</summary>
    internal static (ulong Nanoseconds, int Processors) ParseHostCpu(IEnumerable<string> lines)
    {
        const int Columns = 8;
        ulong ticks = 0;
        var processors = 0;
        foreach (var line in lines)
        {
            if (!line.StartsWith("cpu", StringComparison.Ordinal))
                break;
            if (line.Length > 3 && line[3] == ' ')
            {
                foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(Columns))
                    ticks += ulong.Parse(word, CultureInfo.InvariantCulture);
            }
            else
            {
                processors++;
            }
        }
        return (ticks * TickNanoseconds, processors);
    }

    /// <summary>The interfaces of /proc/PID/net/dev but loopback, by name.</summary>
    internal static IReadOnlyList<InterfaceStatistics> ParseNetworks(IEnumerable<string> lines)
    {
        const int Columns = 16;
        var found = new List<InterfaceStatistics>();
        foreach (var line in lines)
        {
            var colon = line.LastIndexOf(':');
            if (colon < 0 || line[..colon].Trim() is var name && name == "lo")
                continue;
            var numbers = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length < Columns || !Array.TrueForAll(numbers, word => ulong.TryParse(word, CultureInfo.InvariantCulture, out _)))
                continue;
            ulong Number(int column) => ulong.Parse(numbers[column], CultureInfo.InvariantCulture);
            found.Add(new InterfaceStatistics(line[..colon].Trim())
            {
                ReceivedBytes = Number(0),
                ReceivedPackets = Number(1),
                ReceiveErrors = Number(2),
                ReceiveDrops = Number(3),
                SentBytes = Number(8),
                SentPackets = Number(9),
                SendErrors = Number(10),
                SendDrops = Number(11),
            });
        }
        found.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return found;
    }

    private IReadOnlyList<InterfaceStatistics> Networks(int pid)
    {
        try
        {
            return ParseNetworks(File.ReadLines(Path.Join(procRoot, pid.ToString(CultureInfo.InvariantCulture), "net", "dev")));
        }
        catch (IOException)
        {
            // Gone meanwhile.
            return [];
        }
    }

    private ulong HostMemory()
    {
        foreach (var line in File.ReadLines(Path.Join(procRoot, "meminfo")))
        {
            // MemTotal:       24683644 kB
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal))
                return ulong.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        return ulong.MaxValue;
    }
}
