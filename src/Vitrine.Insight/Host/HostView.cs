using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Host;

/// <summary>What this reader sees of the host, and is the same for every container that is explained at one moment: read once.</summary>
internal sealed class HostView(ProcFs proc, string hostRoot)
{
    private CgroupLayout? layout;
    private IReadOnlyList<MountEntry>? mounts;

    public ProcFs Proc => proc;

    public IReadOnlyList<MountEntry> ReaderMounts => mounts ??= proc.ReaderMounts();

    /// <summary>The cgroup hierarchies.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public CgroupLayout Layout => layout ??= CgroupLayout.Read(proc.Root, hostRoot);
}
