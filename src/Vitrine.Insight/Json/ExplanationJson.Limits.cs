namespace Vitrine.Insight.Json;

/// <content>What it may do: control groups, privileges, devices and limits.</content>
public static partial class ExplanationJson
{
    private static void Write(JsonFields json, CgroupSection value)
    {
        json.Text("version", value.Version);
        json.Objects("places", value.Places, Write);
        json.Object("memory", value.Memory, Write);
        json.Object("cpu", value.Cpu, Write);
        json.Object("cpuset", value.Cpuset, Write);
        json.Object("pids", value.Pids, Write);
        json.Object("blockIo", value.BlockIo, Write);
        json.Objects("pressure", value.Pressure, Write);
        json.Objects("oomHistory", value.OomHistory, Write);
        json.Flag("frozen", value.Frozen);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, PressureFact value)
    {
        json.Text("resource", value.Resource);
        json.Real("some10", value.Some10);
        json.Real("some60", value.Some60);
        json.Real("some300", value.Some300);
        json.Real("full10", value.Full10);
        json.Number("totalMicroseconds", value.TotalMicroseconds);
        json.Flag("ofHost", value.OfHost);
        json.Text("source", value.Source);
    }

    private static void Write(JsonFields json, OomKillFact value)
    {
        json.Number("pid", value.Pid);
        json.Text("command", value.Command);
        json.Real("secondsSinceBoot", value.SecondsSinceBoot);
    }

    private static void Write(JsonFields json, CgroupPlace value)
    {
        json.Texts("controllers", value.Controllers);
        json.Number("version", value.Version);
        json.Text("path", value.Path);
        json.Text("directory", value.Directory);
    }

    private static void Write(JsonFields json, MemoryFacts value)
    {
        json.Number("limitBytes", value.LimitBytes);
        json.Number("effectiveLimitBytes", value.EffectiveLimitBytes);
        json.Number("memoryAndSwapLimitBytes", value.MemoryAndSwapLimitBytes);
        json.Number("reservationBytes", value.ReservationBytes);
        json.Number("usageBytes", value.UsageBytes);
        json.Number("workingSetBytes", value.WorkingSetBytes);
        json.Number("peakBytes", value.PeakBytes);
        json.Number("limitHits", value.LimitHits);
        json.Number("oomKills", value.OomKills);
        json.Flag("oomKillDisabled", value.OomKillDisabled);
    }

    private static void Write(JsonFields json, CpuFacts value)
    {
        json.Number("quotaMicroseconds", value.QuotaMicroseconds);
        json.Number("periodMicroseconds", value.PeriodMicroseconds);
        json.Real("cpus", value.Cpus);
        json.Number("shares", value.Shares);
        json.Number("weight", value.Weight);
        json.Number("usageMicroseconds", value.UsageMicroseconds);
        json.Number("periods", value.Periods);
        json.Number("throttledPeriods", value.ThrottledPeriods);
        json.Number("throttledMicroseconds", value.ThrottledMicroseconds);
    }

    private static void Write(JsonFields json, CpusetFacts value)
    {
        json.Text("cpus", value.Cpus);
        json.Text("memoryNodes", value.MemoryNodes);
    }

    private static void Write(JsonFields json, PidsFacts value)
    {
        json.Number("limit", value.Limit);
        json.Number("current", value.Current);
        json.Number("refused", value.Refused);
    }

    private static void Write(JsonFields json, BlockIoFacts value)
    {
        json.Number("weight", value.Weight);
        json.Texts("throttles", value.Throttles);
        json.Number("readBytes", value.ReadBytes);
        json.Number("writtenBytes", value.WrittenBytes);
    }

    private static void Write(JsonFields json, CapabilitySection value)
    {
        json.Texts("effective", value.Effective);
        json.Texts("permitted", value.Permitted);
        json.Texts("inheritable", value.Inheritable);
        json.Texts("bounding", value.Bounding);
        json.Texts("ambient", value.Ambient);
        json.Objects("added", value.Added, Write);
        json.Texts("missing", value.Missing);
        json.Flag("all", value.All);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, CapabilityFact value)
    {
        json.Text("name", value.Name);
        json.Text("meaning", value.Meaning);
        json.Choice("severity", value.Severity);
    }

    private static void Write(JsonFields json, SeccompSection value)
    {
        json.Choice("mode", value.Mode);
        json.Number("filters", value.Filters);
        json.Objects("groups", value.Groups, Write);
        json.Number("blockedCount", value.BlockedCount);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, SyscallGroupFact value)
    {
        json.Text("purpose", value.Purpose);
        json.Texts("blocked", value.Blocked);
        json.Texts("conditional", value.Conditional);
        json.Texts("allowed", value.Allowed);
        json.Text("meaning", value.Meaning);
    }

    private static void Write(JsonFields json, ConfinementSection value)
    {
        json.Text("module", value.Module);
        json.Text("label", value.Label);
        json.Text("mode", value.Mode);
        json.Flag("noNewPrivileges", value.NoNewPrivileges);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, DeviceSection value)
    {
        json.Objects("rules", value.Rules, Write);
        json.Flag("allAllowed", value.AllAllowed);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, DeviceRuleFact value)
    {
        json.Text("type", value.Type.ToString());
        json.Number("major", value.Major);
        json.Number("minor", value.Minor);
        json.Text("access", value.Access);
        json.Text("name", value.Name);
    }

    private static void Write(JsonFields json, LimitSection value)
    {
        json.Objects("limits", value.Limits, Write);
        WriteNotes(json, value);
    }

    private static void Write(JsonFields json, LimitFact value)
    {
        json.Text("name", value.Name);
        json.Unsigned("soft", value.Soft);
        json.Unsigned("hard", value.Hard);
        json.Text("unit", value.Unit);
        json.Text("meaning", value.Meaning);
    }
}
