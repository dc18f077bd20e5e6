using Vitrine.Linux;

namespace Vitrine.Insight.Control;

/// <content>Memory.</content>
internal static partial class Counterparts
{
    private const string V1Limit = "memory.limit_in_bytes";
    private const string V1Sum = "memory.memsw.limit_in_bytes";
    private const string V2Limit = "memory.max";
    private const string V2Swap = "memory.swap.max";

    /// <summary>v1 counts memory and swap together, v2 swap alone.</summary>
    private static Counterpart Swap { get; } = new(V1Sum, V2Swap, $"{V2Swap} = {V1Sum} - {V1Limit}")
    {
        ReadV2 = files => files.Read(V1Sum) is { } sum ? ControlValue.Limit(V2Swap, Positive(ControlValue.ParseLimit(sum) - MemoryOfV1(files))) : null,
        ReadV1 = files => files.Read(V2Swap) is { } swap ? ControlValue.Limit(V1Sum, ControlValue.ParseLimit(swap) + MemoryOfV2(files)) : null,
        WriteV2 = (files, value) => [new(V1Sum, ControlValue.Limit(V1Sum, ControlValue.ParseLimit(value) is { } swap ? swap + Need(MemoryOfV1(files), V2Swap, V2Limit) : null))],
        WriteV1 = (files, value) => [new(V2Swap, ControlValue.Limit(V2Swap, ControlValue.ParseLimit(value) is { } sum ? NotNegative(sum - Need(MemoryOfV2(files), V1Sum, V1Limit)) : null))],
    };

    private static Counterpart SwapUse { get; } = new("memory.memsw.usage_in_bytes", "memory.swap.current", "memory.swap.current = memory.memsw.usage_in_bytes - memory.usage_in_bytes")
    {
        ReadV2 = files => Number(Positive(ControlValue.ParseNumber(files.Read("memory.memsw.usage_in_bytes")) - ControlValue.ParseNumber(files.Read("memory.usage_in_bytes")))),
        ReadV1 = files => Number(ControlValue.ParseNumber(files.Read("memory.swap.current")) + ControlValue.ParseNumber(files.Read("memory.current"))),
    };

    private static Counterpart Failures { get; } = new("memory.failcnt", "memory.events", "memory.failcnt is the line 'max' of memory.events")
    {
        ReadV2 = files => files.Read("memory.failcnt") is { } count ? $"max {count}\noom_kill {CgroupText.Value(files.Read("memory.oom_control"), "oom_kill")}" : null,
        ReadV1 = files => files.Read("memory.events") is { } events ? $"{CgroupText.Value(events, "max")}" : null,
    };

    /// <summary>
    /// v1 has one soft limit, above which a cgroup gives memory back first when the host is short of it. v2's low is the
    /// nearest to it, and what runtimes make of it; high, a brake, has nothing nearer in v1.
    /// </summary>
    private static Counterpart SoftLimit(string v2) => new("memory.soft_limit_in_bytes", v2, v2 == "memory.low"
        ? "memory.low = memory.soft_limit_in_bytes: what is below it is taken last when memory is short; no soft limit is 0"
        : "memory.soft_limit_in_bytes = memory.high: v1 takes what is above it first when memory is short, but does not slow the cgroup down as v2 does")
    {
        ReadV2 = files => files.Read("memory.soft_limit_in_bytes") is { } text ? Soft(v2, ControlValue.ParseLimit(text)) : null,
        ReadV1 = files => files.Read(v2) is { } text ? ControlValue.Limit("memory.soft_limit_in_bytes", ControlValue.ParseLimit(text) is > 0 and var low ? low : null) : null,
        WriteV2 = (_, value) => [new("memory.soft_limit_in_bytes", v2 == "memory.low" && value == "0" ? "-1" : Limit("memory.soft_limit_in_bytes", value))],
        WriteV1 = (_, value) => [new(v2, Soft(v2, ControlValue.ParseLimit(value)))],
    };

    private static string Soft(string v2, long? limit) => limit is null && v2 == "memory.low" ? "0" : ControlValue.Limit(v2, limit);

    private static long? MemoryOfV1(IControlFiles files) => ControlValue.ParseLimit(files.Read(V1Limit));

    private static long? MemoryOfV2(IControlFiles files) => ControlValue.ParseLimit(files.Read(V2Limit));

    private static long? Positive(long? number) => number is < 0 ? 0 : number;

    private static long Need(long? memory, string name, string limit) => memory ?? throw new VitrineException(ErrorKind.Invalid,
        $"{name} cannot be translated while memory has no limit: the two versions differ by it. Set {limit} too");

    private static long NotNegative(long swap) =>
        swap >= 0 ? swap : throw new VitrineException(ErrorKind.Invalid, $"{V1Sum} is memory and swap together: it may not be below {V1Limit}");

    private static string? Number(long? number) => number is { } value ? $"{value}" : null;
}
