using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>One limit as the kernel takes it: a value for a control file.</summary>
/// <param name="Controller">The controller that the file belongs to; <c>cgroup</c> for a file of the v2 core.</param>
/// <param name="File">The control file.</param>
/// <param name="Value">What is written.</param>
/// <param name="Optional">Whether a host without the file does no harm: the limit is then left out with a warning.</param>
/// <param name="Again">Whether a refusal may be due to the values still there: it is then written again after all others.</param>
internal sealed record CgroupWrite(string Controller, string File, string Value, bool Optional = false, bool Again = false)
{
    /// <summary>Writes all; gives those back that were left out, as there is no such file.</summary>
    /// <exception cref="VitrineException">The kernel refused.</exception>
    public static List<CgroupWrite> ApplyAll(IEnumerable<CgroupWrite> writes, Cgroup cgroup)
    {
        var missing = new List<CgroupWrite>();
        var again = new List<CgroupWrite>();
        foreach (var write in writes)
        {
            try
            {
                if (!write.Apply(cgroup))
                    missing.Add(write);
            }
            catch (VitrineException e) when (write.Again && e.InnerException is LinuxException { Errno: Errno.EINVAL })
            {
                again.Add(write);
            }
        }

        foreach (var write in again)
            write.Apply(cgroup);
        return missing;
    }

    /// <summary>Writes it; false where it is optional and there is no such file.</summary>
    /// <exception cref="VitrineException">The kernel refused.</exception>
    public bool Apply(Cgroup cgroup)
    {
        try
        {
            cgroup.Write(Controller, File, Value);
            return true;
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT && Optional)
        {
            return false;
        }
        catch (LinuxException e)
        {
            throw new VitrineException(ErrorKind.Invalid, Explain(cgroup, e), e);
        }
    }

    private string Explain(Cgroup cgroup, LinuxException e) => (File, e.Errno) switch
    {
        ("cpuset.cpus", Errno.EINVAL or Errno.EACCES or Errno.ERANGE or Errno.ENOSPC) =>
            $"Requested CPUs are not available - requested {Value}, available: {Available(cgroup)}",
        ("cpuset.mems", Errno.EINVAL or Errno.EACCES or Errno.ERANGE or Errno.ENOSPC) =>
            $"Requested memory nodes are not available - requested {Value}, available: {Available(cgroup)}",
        ("memory.limit_in_bytes", Errno.EBUSY) =>
            $"unable to set memory limit to {Value} (current usage: {cgroup.Read("memory", "memory.usage_in_bytes")}, " +
            $"peak usage: {cgroup.Read("memory", "memory.max_usage_in_bytes")}): {e.Message}",
        (_, Errno.ENOENT) when Controller != "cgroup" && cgroup.Layout.Of(Controller) is null =>
            $"cannot set {Controller} limit ({File}): the {Controller} controller is not available, or the container could not join or create its cgroup",
        (_, Errno.ENOENT) => $"cannot set {Controller} limit: this host's kernel does not have {Controller} {File}",
        _ => $"cannot set {Controller} limit: {e.Message}",
    };

    private string Available(Cgroup cgroup)
    {
        var slash = cgroup.Path.LastIndexOf('/');
        var parent = slash > 0 ? Cgroup.Open(cgroup.Path[..slash], cgroup.Layout) : cgroup;
        return parent.Read(Controller, File + ".effective") ?? parent.Read(Controller, "cpuset.effective_" + File["cpuset.".Length..]) ??
            parent.Read(Controller, File) ?? "none";
    }
}
