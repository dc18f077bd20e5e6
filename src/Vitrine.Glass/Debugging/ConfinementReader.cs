using Vitrine.Insight;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Debugging;

/// <summary>What confines a container's first process, so that another can be confined the same way.</summary>
internal static class ConfinementReader
{
    private const int Filtered = 2;
    private const string Unconfined = "unconfined";

    /// <param name="proc">Where the process is looked up.</param>
    /// <param name="target">The container.</param>
    /// <param name="isInside">Whether ids are to be those of the container's user namespace.</param>
    /// <param name="warn">Told what cannot be taken over.</param>
    /// <exception cref="VitrineException">The process is gone.</exception>
    public static Confinement Read(ProcFs proc, ExplainTarget target, bool isInside, Action<string> warn)
    {
        var status = proc.Status(target.Pid) ?? throw new VitrineException(ErrorKind.NotFound, $"No such process: {target.Pid}");
        var users = isInside ? proc.UserMap(target.Pid) ?? [] : [];
        var groups = isInside ? proc.GroupMap(target.Pid) ?? [] : [];
        var spec = status.SeccompMode == Filtered ? target.Hints?.SpecPath : null;
        if (status.SeccompMode == Filtered && spec is null)
            warn("the container's seccomp filter cannot be read, as its engine's config.json was not found: it does not apply here");
        return new Confinement
        {
            Uid = Inside(users, status.User.Effective),
            Gid = Inside(groups, status.Group.Effective),
            Groups = [.. status.SupplementaryGroups.Select(group => Inside(groups, group))],
            Bounding = status.CapBounding,
            Permitted = status.CapPermitted,
            Effective = status.CapEffective,
            Inheritable = status.CapInheritable,
            Ambient = status.CapAmbient,
            NoNewPrivileges = status.NoNewPrivileges == true,
            Profile = Profile(proc, target.Pid),
            SpecPath = spec,
        };
    }

    private static uint Inside(IReadOnlyList<IdRange> map, uint id)
    {
        foreach (var range in map)
        {
            if (id >= range.Outside && id - range.Outside < range.Count)
                return range.Inside + (id - range.Outside);
        }

        return id;
    }

    /// <summary>AppArmor writes <c>profile (mode)</c>. An SELinux context is none of its profiles.</summary>
    private static string? Profile(ProcFs proc, int pid)
    {
        try
        {
            return proc.SecurityLabel(pid) is { } label && label.EndsWith(')') && label.IndexOf(" (", StringComparison.Ordinal) is > 0 and var end
                && label[..end] != Unconfined ? label[..end] : null;
        }
        catch (LinuxException)
        {
            return null; // No security module.
        }
    }
}
