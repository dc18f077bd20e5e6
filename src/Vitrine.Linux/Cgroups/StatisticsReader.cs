using System.Globalization;

namespace Vitrine.Linux;

/// <summary>Reads v1 and v2 files into one record.</summary>
internal sealed partial class StatisticsReader(Cgroup cgroup)
{
    /// <summary>v1 counts user and system time in ticks of 1/100 s (USER_HZ).</summary>
    private const ulong TickNanoseconds = 10_000_000;
    private const ulong Microsecond = 1000;

    private static readonly string[] s_cpusetFlags =
    [
        "cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab",
        "memory_pressure", "sched_load_balance", "sched_relax_domain_level",
    ];

    public CgroupStatistics Read() => new()
    {
        Cpu = IsUnified("cpu") || Of("cpuacct") is null ? CpuV2() : CpuV1(),
        Cpuset = Cpuset(),
        Memory = Of("memory") is null ? new() : IsUnified("memory") ? MemoryV2() : MemoryV1(),
        Pids = Pids(),
        BlockIo = Of("blkio") is not null ? BlockIoV1() : Of("io") is not null ? BlockIoV2() : new(),
        Hugetlb = Hugetlb(),
        Rdma = Rdma(),
    };

    private CgroupHierarchy? Of(string controller) => cgroup.Layout.Of(controller);

    private bool IsUnified(string controller) => Of(controller) is { Version: 2 };

    private string? Text(string controller, string file) => cgroup.Read(controller, file);

    private ulong Number(string controller, string file) => CgroupText.Number(Text(controller, file));

    private CpuStatistics CpuV1()
    {
        var ticks = Text("cpuacct", "cpuacct.stat");
        var throttling = CgroupText.Keyed(Text("cpu", "cpu.stat"));
        var all = new List<string[]>(CgroupText.Rows(Text("cpuacct", "cpuacct.usage_all")));
        return new CpuStatistics
        {
            Total = Number("cpuacct", "cpuacct.usage"),
            User = CgroupText.Value(ticks, "user") * TickNanoseconds,
            Kernel = CgroupText.Value(ticks, "system") * TickNanoseconds,
            PerCpu = Numbers(Text("cpuacct", "cpuacct.usage_percpu")),
            // A line for each processor below the head: number, user, system.
            PerCpuUser = Column(all, 1),
            PerCpuKernel = Column(all, 2),
            Periods = throttling.GetValueOrDefault("nr_periods"),
            ThrottledPeriods = throttling.GetValueOrDefault("nr_throttled"),
            ThrottledTime = throttling.GetValueOrDefault("throttled_time"),
            Bursts = throttling.GetValueOrDefault("nr_bursts"),
            BurstTime = throttling.GetValueOrDefault("burst_time"),
        };
    }

    /// <summary>The v2 tree has cpu.stat even without the controller.</summary>
    private CpuStatistics CpuV2()
    {
        var stat = CgroupText.Keyed(Text("cgroup", "cpu.stat"));
        ulong Nanoseconds(string key) => stat.GetValueOrDefault(key) * Microsecond;
        return new CpuStatistics
        {
            Total = Nanoseconds("usage_usec"),
            User = Nanoseconds("user_usec"),
            Kernel = Nanoseconds("system_usec"),
            Periods = stat.GetValueOrDefault("nr_periods"),
            ThrottledPeriods = stat.GetValueOrDefault("nr_throttled"),
            ThrottledTime = Nanoseconds("throttled_usec"),
            Bursts = stat.GetValueOrDefault("nr_bursts"),
            BurstTime = Nanoseconds("burst_usec"),
            Pressure = PressureOf("cpu.pressure"),
        };
    }

    private CpusetStatistics Cpuset()
    {
        if (Of("cpuset") is null)
            return new();
        if (IsUnified("cpuset"))
            return new()
            {
                Cpus = CgroupText.Ranges(Text("cpuset", "cpuset.cpus.effective")),
                MemoryNodes = CgroupText.Ranges(Text("cpuset", "cpuset.mems.effective")),
            };
        var flags = new Dictionary<string, long>();
        foreach (var name in s_cpusetFlags)
            if (long.TryParse(Text("cpuset", "cpuset." + name), CultureInfo.InvariantCulture, out var value))
                flags[name] = value;
        return new()
        {
            Cpus = CgroupText.Ranges(Text("cpuset", "cpuset.cpus")),
            MemoryNodes = CgroupText.Ranges(Text("cpuset", "cpuset.mems")),
            Flags = flags,
        };
    }

    private PidsStatistics Pids()
    {
        if (Of("pids") is null)
            return default;
        var limit = Number("pids", "pids.max");
        return new(Number("pids", "pids.current"), limit == ulong.MaxValue ? 0 : limit, CgroupText.Value(Text("pids", "pids.events"), "max"));
    }

    private List<RdmaStatistics> Rdma()
    {
        var limits = new Dictionary<string, string[]>();
        foreach (var row in CgroupText.Rows(Text("rdma", "rdma.max")))
            limits[row[0]] = row;
        var result = new List<RdmaStatistics>();
        // mlx4_0 hca_handle=2 hca_object=2000
        foreach (var row in CgroupText.Rows(Text("rdma", "rdma.current")))
        {
            var limit = limits.GetValueOrDefault(row[0]) ?? [];
            result.Add(new(row[0], Field(row, "hca_handle"), Field(row, "hca_object"), Field(limit, "hca_handle"), Field(limit, "hca_object")));
        }

        return result;
    }

    /// <summary>Lines <c>some avg10=0.00 avg60=0.00 avg300=0.00 total=0</c>; null where the kernel does not measure.</summary>
    private Pressure? PressureOf(string file)
    {
        string? text;
        try
        {
            text = Text("cgroup", file);
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            return null;
        }

        if (text is null)
            return null;
        PressureLine some = default, full = default;
        foreach (var row in CgroupText.Rows(text))
        {
            var line = new PressureLine(Share(row, "avg10"), Share(row, "avg60"), Share(row, "avg300"), Field(row, "total"));
            if (row[0] == "some")
                some = line;
            else
                full = line;
        }

        return new Pressure(some, full);
    }

    private static ulong Field(string[] row, string key) => CgroupText.Number(FieldText(row, key));

    private static double Share(string[] row, string key) =>
        double.TryParse(FieldText(row, key), CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static ReadOnlySpan<char> FieldText(string[] row, string key)
    {
        foreach (var word in row)
            if (word.Length > key.Length && word[key.Length] == '=' && word.StartsWith(key, StringComparison.Ordinal))
                return word.AsSpan(key.Length + 1);
        return default;
    }

    private static List<ulong> Numbers(string? text)
    {
        var result = new List<ulong>();
        foreach (var row in CgroupText.Rows(text))
            foreach (var word in row)
                result.Add(CgroupText.Number(word));
        return result;
    }

    private static List<ulong> Column(List<string[]> rows, int column)
    {
        var result = new List<ulong>();
        for (var i = 1; i < rows.Count; i++)
            if (rows[i].Length > column)
                result.Add(CgroupText.Number(rows[i][column]));
        return result;
    }
}
