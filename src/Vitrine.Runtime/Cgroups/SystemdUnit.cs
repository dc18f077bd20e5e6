using System.Globalization;
using Vitrine.Linux;
using Vitrine.Linux.Systemd;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>
/// A container's cgroup as a scope of systemd, with the properties that runc gives it, so that systemd neither takes the cgroup for
/// its own nor sets its limits back. The kernel's files are written all the same: not everything is a property.
/// </summary>
internal sealed record SystemdUnit(string Name, string Slice, bool User)
{
    private const string AnnotationPrefix = "org.systemd.property.";
    private const ulong QuotaGrain = 10_000;

    /// <summary>From linux.cgroupsPath, <c>slice:prefix:name</c>; each part may be empty, and without any the id names it.</summary>
    /// <exception cref="VitrineException">It is of another form.</exception>
    public static SystemdUnit Parse(string? path, string id, bool user)
    {
        var parts = string.IsNullOrEmpty(path) ? ["", "vitrine", id] : path.Split(':');
        if (parts is not [var slice, var prefix, { Length: > 0 } name])
            throw Invalid.Configuration($"expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"{path}\" instead");
        if (name.EndsWith(".slice", StringComparison.Ordinal))
            throw Invalid.Configuration($"cgroupsPath \"{path}\" names a slice: a container is a scope in one");
        if (slice.Length == 0)
            slice = user ? "user.slice" : "system.slice";
        _ = DirectoryOf(slice);
        return new(prefix.Length == 0 ? $"{name}.scope" : $"{prefix}-{name}.scope", slice, user);
    }

    /// <summary>The scope's cgroup, below the one of its manager: a slice <c>a-b.slice</c> is in <c>a.slice</c>.</summary>
    public string PathBelow(string controlGroup) =>
        $"{(User ? controlGroup.TrimEnd('/') : "")}{DirectoryOf(Slice)}/{Name}";

    /// <summary>What the scope starts with.</summary>
    public List<UnitProperty> StartProperties(CgroupRequest request, int pid, DeviceList devices, CgroupLayout layout)
    {
        var properties = new List<UnitProperty>
        {
            new("Description", $"Vitrine container {request.Id}"),
            new("Slice", Slice),
            new("Delegate", true),
            new("PIDs", new[] { (uint)pid }),
            new("MemoryAccounting", true),
            new("CPUAccounting", true),
            new(layout.IsUnified ? "IOAccounting" : "BlockIOAccounting", true),
            new("TasksAccounting", true),
            new("DefaultDependencies", false),
        };
        if (!User)
            Devices(properties, devices);
        properties.AddRange(LimitProperties(request.Resources ?? new Resources(), layout, (_, _) => null));
        foreach (var (name, value) in request.Annotations ?? new Dictionary<string, string>())
            if (name.StartsWith(AnnotationPrefix, StringComparison.Ordinal))
                properties.Add(FromAnnotation(name[AnnotationPrefix.Length..], value));
        return properties;
    }

    /// <summary>The limits that systemd knows.</summary>
    public static List<UnitProperty> LimitProperties(Resources resources, CgroupLayout layout, Func<string, string, string?> now)
    {
        var properties = new List<UnitProperty>();
        void Add(string name, ulong? value)
        {
            if (value is { } given)
                properties.Add(new(name, given));
        }

        var (memory, cpu, v2) = (resources.Memory, resources.Cpu, layout.IsUnified);
        Add(v2 ? "MemoryMax" : "MemoryLimit", Limit(memory?.Limit));
        if (v2)
        {
            Add("MemoryLow", Limit(memory?.Reservation));
            Add("MemorySwapMax", memory is not null && CgroupLimitsV2.SwapAlone(memory) is { } swap ? Number(swap) : null);
        }

        if (cpu?.Shares is { } shares and not 0)
            Add(v2 ? "CPUWeight" : "CPUShares", v2 ? CgroupScale.WeightOfShares(shares) : shares);
        if (cpu is not null && (cpu.Quota is not (null or 0) || cpu.Period is not (null or 0)))
            Bandwidth(properties, cpu, now);
        if (v2 && !string.IsNullOrEmpty(cpu?.Cpus))
            properties.Add(new("AllowedCPUs", Bits(cpu.Cpus)));
        if (v2 && !string.IsNullOrEmpty(cpu?.Mems))
            properties.Add(new("AllowedMemoryNodes", Bits(cpu.Mems)));
        if (resources.BlockIo?.Weight is { } weight and not 0)
            Add(v2 ? "IOWeight" : "BlockIOWeight", v2 ? CgroupScale.WeightOfBlockIo(weight) : weight);
        if (resources.Pids?.Limit is { } tasks)
            Add("TasksMax", tasks > 0 ? (ulong)tasks : ulong.MaxValue);
        foreach (var (file, value) in resources.Unified ?? new Dictionary<string, string>())
            if (PropertyOf(file) is { } property)
                Add(property, Number(value));
        return properties;
    }

    /// <summary><c>/a.slice/a-b.slice</c> of <c>a-b.slice</c>; <c>-.slice</c> is the root.</summary>
    private static string DirectoryOf(string slice)
    {
        const string suffix = ".slice";
        var name = slice.EndsWith(suffix, StringComparison.Ordinal) ? slice[..^suffix.Length] : "";
        if (name == "-")
            return "";
        if (name.Length == 0 || name.Contains('/') || name.Split('-').Contains(""))
            throw Invalid.Configuration($"invalid slice name \"{slice}\" in cgroupsPath");
        var directory = "";
        for (var dash = name.IndexOf('-'); dash >= 0; dash = name.IndexOf('-', dash + 1))
            directory += $"/{name[..dash]}{suffix}";
        return $"{directory}/{slice}";
    }

    /// <summary>systemd counts the quota by second, in steps of 10 ms.</summary>
    private static void Bandwidth(List<UnitProperty> properties, CpuResources cpu, Func<string, string, string?> now)
    {
        var words = CgroupLimitsV2.Bandwidth(cpu, now).Split(' ');
        var (quota, period) = (Number(words[0]), Number(words[1]));
        if (cpu.Period is not (null or 0))
            properties.Add(new("CPUQuotaPeriodUSec", period));
        var perSecond = quota == ulong.MaxValue || period == 0 ? ulong.MaxValue
            : (quota * 1_000_000 / period + QuotaGrain - 1) / QuotaGrain * QuotaGrain;
        properties.Add(new("CPUQuotaPerSecUSec", perSecond));
    }

    /// <summary>An empty list first takes away what the manager's defaults may allow.</summary>
    private static void Devices(List<UnitProperty> properties, DeviceList devices)
    {
        properties.Add(new("DevicePolicy", devices.AllowsByDefault ? "auto" : "strict"));
        properties.Add(new("DeviceAllow", Array.Empty<(string, string)>()));
        if (devices.AllowsByDefault)
            return;
        var allowed = new List<(string, string)>();
        foreach (var rule in devices.Rules)
            if (rule.Allow && NodeName(rule) is { } name)
                allowed.Add((name, rule.ToString()[(rule.ToString().LastIndexOf(' ') + 1)..]));
        properties.Add(new("DeviceAllow", allowed.ToArray()));
    }

    /// <summary>As systemd names devices: by a node, by the driver of a major number, or all of a kind; it knows no minor alone.</summary>
    private static string? NodeName(DevicePermission rule)
    {
        var kind = rule.Kind == DeviceKind.Block ? "block" : "char";
        return (rule.Major, rule.Minor) switch
        {
            ({ } major, { } minor) => $"/dev/{kind}/{major}:{minor}",
            ({ } major, null) => DriverOf(kind, major) is { } driver ? $"{kind}-{driver}" : null,
            (null, null) => $"{kind}-*",
            _ => null,
        };
    }

    private static string? DriverOf(string kind, uint major)
    {
        var inKind = false;
        foreach (var line in File.ReadLines("/proc/devices"))
        {
            if (line.EndsWith("devices:", StringComparison.Ordinal))
                inKind = line.StartsWith(kind, StringComparison.OrdinalIgnoreCase);
            else if (inKind && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var number, var name] && number == major.ToString(CultureInfo.InvariantCulture))
                return name;
        }

        return null;
    }

    private static string? PropertyOf(string file) => file switch
    {
        "memory.high" => "MemoryHigh",
        "memory.low" => "MemoryLow",
        "memory.min" => "MemoryMin",
        "memory.max" => "MemoryMax",
        "memory.swap.max" => "MemorySwapMax",
        "cpu.weight" => "CPUWeight",
        "pids.max" => "TasksMax",
        _ => null,
    };

    /// <summary>A property of the user's own (annotation <c>org.systemd.property.NAME</c>), in the text form of GVariant, of which the common part is read.</summary>
    private static UnitProperty FromAnnotation(string name, string value)
    {
        object? parsed = value switch
        {
            "true" or "false" => value == "true",
            ['\'', .. var text, '\''] => text,
            _ when value.StartsWith("uint64 ", StringComparison.Ordinal) && ulong.TryParse(value[7..], CultureInfo.InvariantCulture, out var number) => number,
            _ when value.StartsWith("uint32 ", StringComparison.Ordinal) && uint.TryParse(value[7..], CultureInfo.InvariantCulture, out var number) => number,
            _ when int.TryParse(value, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
        // Seconds are what people write, microseconds what the bus takes.
        if (name.EndsWith("Sec", StringComparison.Ordinal) && !name.EndsWith("USec", StringComparison.Ordinal)
            && ulong.TryParse(value.Split(' ')[^1], CultureInfo.InvariantCulture, out var seconds))
            return new(name[..^3] + "USec", seconds * 1_000_000);
        return new(name, parsed ?? throw Invalid.Configuration($"annotation {AnnotationPrefix}{name}: cannot read \"{value}\": write true, 'text', a number, or uint64 and a number"));
    }

    private static byte[] Bits(string list)
    {
        var bits = new List<byte>();
        foreach (var number in CgroupText.Ranges(list))
        {
            while (bits.Count <= number / 8)
                bits.Add(0);
            bits[number / 8] |= (byte)(1 << (number % 8));
        }

        return [.. bits];
    }

    private static ulong? Limit(long? value) => value switch
    {
        null or 0 => null,
        < 0 => ulong.MaxValue,
        _ => (ulong)value,
    };

    private static ulong Number(string text) => CgroupText.Number(text);
}
