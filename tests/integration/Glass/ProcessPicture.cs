using System.Text;
using Vitrine.TestKit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>
/// All that /proc and the control groups say of a process and that another one made alike must have too, as lines of text.
/// What names the one or the other alone (ids, addresses, places of temporary files) is left out.
/// </summary>
internal static class ProcessPicture
{
    private static readonly string[] s_kinds = ["user", "pid", "mnt", "net", "uts", "ipc", "cgroup", "time"];
    private static readonly string[] s_status = ["Umask", "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs"];

    // What a limit of each controller is written to, in v1.
    private static readonly string[] s_limits =
    [
        "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes", "memory.swappiness", "cpu.shares", "cpu.cfs_quota_us",
        "cpu.cfs_period_us", "cpuset.cpus", "cpuset.mems", "pids.max", "devices.list", "blkio.throttle.read_bps_device",
    ];

    public static string Of(int pid)
    {
        var lines = new List<string>();
        foreach (var kind in s_kinds)
            lines.Add($"namespace {kind}: {(ProcessTable.Namespace(pid, kind) == ProcessTable.Namespace(Environment.ProcessId, kind) ? "the host's" : "its own")}");
        lines.AddRange(s_status.Select(field => $"{field}: {ProcessTable.Status(pid, field)}"));
        lines.AddRange(File.ReadLines($"/proc/{pid}/uid_map").Select(line => $"uid map: {line}"));
        lines.AddRange(File.ReadLines($"/proc/{pid}/gid_map").Select(line => $"gid map: {line}"));
        lines.AddRange(File.ReadLines($"/proc/{pid}/limits").Skip(1).Select(line => $"limit: {line}"));
        lines.Add($"oom_score_adj: {File.ReadAllText($"/proc/{pid}/oom_score_adj").Trim()}");
        lines.AddRange(Mounts(pid).Order(StringComparer.Ordinal));
        lines.AddRange(Groups(pid));
        lines.AddRange(Devices(pid).Order(StringComparer.Ordinal));
        lines.Add($"directory: {new FileInfo($"/proc/{pid}/cwd").LinkTarget}");
        lines.AddRange(Words(pid, "environ").Order(StringComparer.Ordinal).Select(word => $"environment: {word}"));
        lines.Add($"command: {string.Join(' ', Words(pid, "cmdline"))}");
        lines.Add($"host name: {Command.Run("nsenter", "--target", $"{pid}", "--uts", "uname", "-n").Text}");
        return string.Join('\n', lines);
    }

    public static string[] Words(int pid, string file) =>
        Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}")).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Mounts(int pid)
    {
        foreach (var line in File.ReadLines($"/proc/{pid}/mountinfo"))
        {
            var (head, tail) = (line.Split(" - ")[0].Split(' '), line.Split(" - ")[1].Split(' '));
            var part = tail[0].StartsWith("cgroup", StringComparison.Ordinal) ? "its group" : head[3];
            // The layers are the same, what is written goes elsewhere.
            var options = string.Join(',', tail[2].Split(',').Where(option => tail[0] != "overlay" || option.StartsWith("lowerdir", StringComparison.Ordinal)))
                .Replace("lowerdir+=", "lowerdir=", StringComparison.Ordinal);
            var propagation = string.Join(' ', head.Skip(6).Select(field => field.Split(':')[0]));
            yield return $"mount {head[4]}: {tail[0]} {part} ({head[5]}) ({options}) {propagation}";
        }
    }

    private static IEnumerable<string> Groups(int pid)
    {
        foreach (var line in File.ReadLines($"/proc/{pid}/cgroup").Order(StringComparer.Ordinal))
        {
            var (controllers, path) = (line.Split(':')[1], line.Split(':')[2]);
            yield return $"group: {controllers} below {Path.GetDirectoryName(path)}";
            foreach (var file in s_limits)
            {
                var place = $"/sys/fs/cgroup/{controllers}{path}/{file}";
                if (controllers.Length > 0 && File.Exists(place))
                    yield return $"{file}: {File.ReadAllText(place).Trim()}";
            }
        }
    }

    private static IEnumerable<string> Devices(int pid)
    {
        var dev = $"/proc/{pid}/root/dev";
        return !Directory.Exists(dev) ? [] : Command.Run("find", dev, "-xdev", "-printf", "%P %y %m %U %G %l\n").Lines.Select(line => $"in /dev: {line}")
            .Concat(Command.Run("find", dev, "-xdev", "(", "-type", "c", "-o", "-type", "b", ")", "-exec", "stat", "-c", "%n %t %T", "{}", "+").Lines
                .Select(line => line.Replace(dev, "number of ", StringComparison.Ordinal)));
    }
}
