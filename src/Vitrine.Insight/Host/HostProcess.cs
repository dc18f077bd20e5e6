using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Host;

/// <summary>A process as one walk over /proc found it.</summary>
public sealed class HostProcess
{
    internal HostProcess(in ProcGlance glance, ulong[] namespaces, CgroupPlace place)
    {
        Glance = glance;
        Namespaces = namespaces;
        Place = place;
    }

    public int Pid => Glance.Pid;
    public int ParentPid => Glance.ParentPid;

    /// <summary>The thread name, at most 15 bytes of the process's own choosing.</summary>
    public string Command => Glance.Command;

    /// <summary>What its status says.</summary>
    public ProcGlance Glance { get; }

    /// <summary>Inodes by <see cref="NamespaceKind"/>; empty where they are another user's secret.</summary>
    public IReadOnlyList<ulong> Namespaces { get; }

    public IReadOnlyList<CgroupMembership> Cgroups => Place.Memberships;

    internal CgroupPlace Place { get; }

    /// <summary>Whether it is the first process of a pid namespace below this reader's.</summary>
    internal bool IsInit => Glance.PidNamespaces > 1 && Glance.InnermostPid == 1;

    /// <summary>The inode of one namespace, 0 where it is not known.</summary>
    public ulong Namespace(NamespaceKind kind) => Namespaces.Count == 0 ? 0 : Namespaces[(int)kind];
}
