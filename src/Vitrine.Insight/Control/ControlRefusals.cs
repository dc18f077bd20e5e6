using Vitrine.Linux;

namespace Vitrine.Insight.Control;

/// <summary>Why the kernel refuses a value of a control file, which its error number alone does not tell.</summary>
internal static class ControlRefusals
{
    /// <summary>The reason with the colon before it, or nothing.</summary>
    public static string Explain(ControlGroup group, ControlWrite write, Errno errno) => Reason(group, write, errno) is { } reason ? $": {reason}" : "";

    private static string? Reason(ControlGroup group, ControlWrite write, Errno errno) => (write.File, errno) switch
    {
        ("memory.limit_in_bytes", Errno.EINVAL) => $"memory may not be above memory and swap together, {group.Read("memory.memsw.limit_in_bytes")}: set memory.memsw.limit_in_bytes too",
        ("memory.memsw.limit_in_bytes", Errno.EINVAL) => $"memory and swap together may not be below memory, {group.Read("memory.limit_in_bytes")}: set memory.limit_in_bytes too",
        ("memory.limit_in_bytes" or "memory.memsw.limit_in_bytes", Errno.EBUSY) => $"it uses {group.Read("memory.usage_in_bytes")} bytes, and not enough of them could be taken from it",
        ("cpu.cfs_quota_us" or "cpu.cfs_period_us" or "cpu.max", Errno.EINVAL) => "a quota is at least 1000, a period from 1000 to 1000000 microseconds, and neither may give more than the cgroup above has",
        ("cpu.shares" or "cpu.weight", Errno.EINVAL or Errno.ERANGE) => "cpu.shares is 2 to 262144, cpu.weight 1 to 10000; with cpu.idle = 1 there is none",
        ("cpuset.cpus" or "cpuset.mems", Errno.EACCES or Errno.EINVAL) => "the cgroup above does not have all of these, or a brother has them for itself (cpu_exclusive)",
        ("cpuset.cpus" or "cpuset.mems", Errno.ENOSPC) => "there are processes in it, which must have at least one",
        ("cpuset.cpus" or "cpuset.mems", Errno.EBUSY) => "cgroups below it have some that it would lose",
        (_, Errno.ENODEV) => "there is no such device, or it is a partition: limits are of whole devices",
        (_, Errno.EACCES or Errno.EPERM) => "only root, or who was given this cgroup, may set it",
        (_, Errno.EOPNOTSUPP) => "the kernel has the file but not what it sets",
        _ => null,
    };
}
