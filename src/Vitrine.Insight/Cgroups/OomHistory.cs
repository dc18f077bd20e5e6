using System.Globalization;
using System.Text;
using Vitrine.Linux;

namespace Vitrine.Insight.Cgroups;

/// <summary>Which processes of a group the kernel killed for want of memory, as far as its log goes back (dev-kmsg in the kernel's ABI).</summary>
internal static class OomHistory
{
    private const string Log = "/dev/kmsg";
    private const int LongestRecord = 8192;
    private const int MostRecords = 100_000;

    /// <summary>The kernel's records, oldest first; empty where they may not be read.</summary>
    public static IEnumerable<string> Records()
    {
        var records = new List<string>();
        try
        {
            using var log = Fd.Open(Log, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
            var buffer = new byte[LongestRecord];
            while (records.Count < MostRecords && Fd.Read(log, buffer) is > 0 and var length)
                records.Add(Encoding.UTF8.GetString(buffer, 0, length));
        }
        catch (LinuxException)
        {
            // EAGAIN at the end; EPIPE where records were overwritten meanwhile; EPERM where they are root's.
        }

        return records;
    }

    /// <summary>The kills of a group and of those below it.</summary>
    /// <param name="records">As <see cref="Records"/> gives them.</param>
    /// <param name="path">The group's path in the memory hierarchy.</param>
    public static List<OomKillFact> Of(IEnumerable<string> records, string path)
    {
        var kills = new List<OomKillFact>();
        foreach (var record in records)
        {
            // 6,1234,56789012,-;oom-kill:constraint=CONSTRAINT_MEMCG,...,task_memcg=/vitrine/ID,task=dd,pid=77,uid=0
            var message = record.IndexOf(";oom-kill:", StringComparison.Ordinal);
            if (message < 0 || Field(record, "task_memcg=") is not { } group || !(group == path || group.StartsWith(path + "/", StringComparison.Ordinal)))
                continue;
            var head = record[..message].Split(',');
            kills.Add(new OomKillFact
            {
                Pid = int.TryParse(Field(record, "pid="), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0,
                Command = Field(record, ",task=") ?? "",
                SecondsSinceBoot = head.Length > 2 && long.TryParse(head[2], NumberStyles.None, CultureInfo.InvariantCulture, out var time) ? time / 1e6 : 0,
            });
        }

        return kills;
    }

    private static string? Field(string record, string key)
    {
        var start = record.IndexOf(key, StringComparison.Ordinal);
        if (start < 0)
            return null;
        var value = record.AsSpan(start + key.Length);
        var end = value.IndexOfAny(',', '\n');
        return (end < 0 ? value : value[..end]).ToString();
    }
}
