using System.Globalization;
using Vitrine.Linux;
using Vitrine.Runtime;
using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>events: statistics, once or again and again, and notice of want of memory, as JSON lines until the container ends.</summary>
internal static class EventsVerb
{
    public static Verb Events { get; } = new("events", "display container events such as OOM notifications, cpu, memory, and IO usage statistics",
        "<container-id>",
    [
        new("interval", FlagKind.Text, "set the stats collection interval", Default: "5s"),
        new("stats", FlagKind.Switch, "display the container's stats then exit"),
    ], 1, 1, Run);

    /// <summary>Milliseconds after a notice in which the kill that it announces is looked for, and between two looks.</summary>
    private const int LookTime = 1000;
    private const int LookInterval = 50;

    private static int Run(OciContext context, ParsedLine line)
    {
        var container = context.Store.Find(line.Arguments[0]);
        var interval = Interval(line.Text("interval") ?? "5s");
        using var process = container.OpenProcess() ?? throw Container.NotRunning();
        var cgroup = container.Cgroup?.Cgroup ?? throw new VitrineException(ErrorKind.Conflict, "the container has no cgroup");
        if (line.IsSet("stats"))
        {
            PrintStatistics(container, cgroup);
            return 0;
        }

        using var memory = OomWatch.Open(cgroup);
        Span<PollItem> items = stackalloc PollItem[2];
        var noticedUntil = 0L;
        for (var next = Environment.TickCount64 + interval; ;)
        {
            // v1 gives notice before it kills: the count is looked at again for a while.
            var look = Math.Min(next, Environment.TickCount64 < noticedUntil ? Environment.TickCount64 + LookInterval : long.MaxValue);
            items[0] = new PollItem(process, PollEvents.Read);
            items[1] = new PollItem(memory?.Handle, PollEvents.Read);
            Poll.Wait(items, (int)Math.Clamp(look - Environment.TickCount64, 0, int.MaxValue));
            if (items[1].Found != PollEvents.None)
                noticedUntil = Environment.TickCount64 + LookTime;
            if (Environment.TickCount64 < noticedUntil && memory!.Check())
                Print(StatisticsJson.Oom(container.Record.Id));
            if (items[0].Found != PollEvents.None)
                return 0;
            if (Environment.TickCount64 < next)
                continue;
            PrintStatistics(container, cgroup);
            next += interval;
        }
    }

    private static void PrintStatistics(Container container, Cgroup cgroup) =>
        Print(StatisticsJson.Event(container.Record.Id, CgroupStatistics.Read(cgroup)));

    private static void Print(ReadOnlyMemory<byte> json)
    {
        Fd.WriteAll(Fd.StandardOutput, json.Span);
        Fd.WriteAll(Fd.StandardOutput, "\n"u8);
    }

    /// <summary>A duration of whole or broken numbers with ms, s, m or h, as milliseconds.</summary>
    private static long Interval(string text)
    {
        var (number, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 1),
            _ when text.EndsWith('s') => (text[..^1], 1000),
            _ when text.EndsWith('m') => (text[..^1], 60_000),
            _ when text.EndsWith('h') => (text[..^1], 3_600_000),
            _ => ("", 0),
        };
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value * unit is not (>= 1 and <= int.MaxValue))
            throw new VitrineException(ErrorKind.Invalid, $"duration interval must be greater than 0, as 500ms or 5s: \"{text}\"");
        return (long)(value * unit);
    }
}
