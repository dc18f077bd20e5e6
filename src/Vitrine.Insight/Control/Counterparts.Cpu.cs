using System.Globalization;
using Vitrine.Linux;

namespace Vitrine.Insight.Control;

/// <content>Processor time and the freezer.</content>
internal static partial class Counterparts
{
    private const string V1Quota = "cpu.cfs_quota_us";
    private const string V1Period = "cpu.cfs_period_us";
    private const string V2Max = "cpu.max";

    private static Counterpart Shares { get; } = new("cpu.shares", "cpu.weight", "cpu.weight = ceil(10^((l^2 + 125 l) / 612 - 7/34)) with l = log2(cpu.shares)")
    {
        ReadV2 = files => ControlValue.ParseNumber(files.Read("cpu.shares")) is { } shares ? $"{CgroupScale.WeightOfShares((ulong)shares)}" : null,
        ReadV1 = files => ControlValue.ParseNumber(files.Read("cpu.weight")) is { } weight ? $"{CgroupScale.SharesOfWeight((ulong)weight)}" : null,
        WriteV2 = (_, value) => [new("cpu.shares", $"{CgroupScale.SharesOfWeight(Within("cpu.weight", value, 1, 10_000))}")],
        WriteV1 = (_, value) => [new("cpu.weight", $"{CgroupScale.WeightOfShares(Within("cpu.shares", value, 2, 262_144))}")],
    };

    private static Counterpart Bandwidth { get; } = new($"{V1Quota} {V1Period}", V2Max, $"{V2Max} = {V1Quota} {V1Period}; no limit is max in v2, -1 in v1")
    {
        ReadV2 = files => files.Read(V1Quota) is { } quota && files.Read(V1Period) is { } period ? $"{(quota.StartsWith('-') ? "max" : quota)} {period}" : null,
        ReadV1 = _ => null,
        WriteV2 = (_, value) => value.Split(' ') is [var quota, .. var period]
            ? [.. period.Select(given => new ControlWrite(V1Period, given)), new(V1Quota, quota == "max" ? "-1" : quota)]
            : [],
    };

    private static Counterpart Quota { get; } = new(V1Quota, $"{V2Max}, first", $"{V1Quota} is the first number of {V2Max}; no limit is max in v2, -1 in v1")
    {
        ReadV2 = _ => null,
        ReadV1 = files => files.Read(V2Max)?.Split(' ')[0] is { } quota ? quota == "max" ? "-1" : quota : null,
        WriteV1 = (_, value) => [new(V2Max, value == "-1" ? "max" : value)],
    };

    private static Counterpart Period { get; } = new(V1Period, $"{V2Max}, second", $"{V1Period} is the second number of {V2Max}")
    {
        ReadV2 = _ => null,
        ReadV1 = files => files.Read(V2Max)?.Split(' ') is [_, var period] ? period : null,
        WriteV1 = (files, value) => [new(V2Max, $"{files.Read(V2Max)?.Split(' ')[0] ?? "max"} {value}")],
    };

    private static Counterpart ProcessorTime { get; } = new("cpuacct.usage", "cpu.stat, usage_usec", "cpuacct.usage = 1000 times the line 'usage_usec' of cpu.stat: nanoseconds")
    {
        ReadV2 = _ => null,
        ReadV1 = files => files.Read("cpu.stat") is { } text ? (CgroupText.Value(text, "usage_usec") * 1000).ToString(CultureInfo.InvariantCulture) : null,
    };

    private static Counterpart Freezer { get; } = new("freezer.state", "cgroup.freeze", "cgroup.freeze = 1 is freezer.state = FROZEN, 0 is THAWED")
    {
        ReadV2 = files => files.Read("freezer.state") is { } state ? state == "THAWED" ? "0" : "1" : null,
        ReadV1 = files => files.Read("cgroup.freeze") is { } asked
            ? asked == "0" ? "THAWED" : CgroupText.Value(files.Read("cgroup.events"), "frozen") == 1 ? "FROZEN" : "FREEZING"
            : null,
        WriteV2 = (_, value) => [new("freezer.state", Within("cgroup.freeze", value, 0, 1) == 1 ? "FROZEN" : "THAWED")],
        WriteV1 = (_, value) => [new("cgroup.freeze", value == "FROZEN" ? "1" : "0")],
    };

    private static ulong Within(string name, string value, ulong least, ulong most) =>
        ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new VitrineException(ErrorKind.Invalid, $"'{value}' is no value for {name}: it takes a number from {least} to {most}");
}
