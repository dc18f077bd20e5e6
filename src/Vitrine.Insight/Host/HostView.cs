using Vitrine.Insight.Sections;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Secrets;

namespace Vitrine.Insight.Host;

/// <summary>
/// What is the same for every container that is explained at one moment: each thing is read when it is first asked for, and once.
/// </summary>
internal sealed class HostView(ProcFs proc, string hostRoot)
{
    private CgroupLayout? layout;
    private IReadOnlyList<MountEntry>? mounts;
    private CapabilitySet? all;
    private string? modules;
    private Fingerprint? fingerprint;

    public ProcFs Proc => proc;

    /// <summary>The mounts that this reader sees.</summary>
    public IReadOnlyList<MountEntry> ReaderMounts => mounts ??= proc.ReaderMounts();

    /// <summary>The cgroup hierarchies.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public CgroupLayout Layout => layout ??= CgroupLayout.Read(proc.Root, hostRoot);

    /// <summary>What tells secrets from each other.</summary>
    public Fingerprint Fingerprint => fingerprint ??= Fingerprint.OfHost(proc);

    /// <summary>The kernel's security modules, parted by commas; empty where they cannot be read.</summary>
    public string ActiveModules => modules ??= ReadModules();

    /// <summary>
    /// Every capability that an engine here can give at most: the kernel may know more than this host's first process, or the reader,
    /// ever had. Empty where that is no more than docker's default.
    /// </summary>
    public CapabilitySet AllCapabilities => all ??= ReadCapabilities();

    private string ReadModules()
    {
        try
        {
            return KernelFile.Read(hostRoot + "/sys/kernel/security/lsm")?.Trim() ?? "";
        }
        catch (LinuxException)
        {
            return ""; // The list only helps to name a label's module; the label itself says more.
        }
    }

    private CapabilitySet ReadCapabilities()
    {
        var first = proc.Status(1)?.CapBounding ?? ulong.MaxValue;
        var reader = proc.ReaderStatus()?.CapBounding ?? ulong.MaxValue;
        var set = new CapabilitySet(first & reader) & CapabilitySet.AllNamed;
        return (set - CapabilityMeanings.DockerDefault).IsEmpty ? CapabilitySet.Empty : set;
    }
}
