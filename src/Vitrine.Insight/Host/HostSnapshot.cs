using System.Diagnostics.CodeAnalysis;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Host;

/// <summary>
/// All processes of the host at about one moment: who is whose child, in which namespaces and cgroups. Kernel threads and
/// zombies are left out: nothing is shared with them.
/// </summary>
internal sealed class HostSnapshot
{
    private const int KernelThreadDaemon = 2;

    private readonly Dictionary<int, HostProcess> byPid = [];

    private HostProcess[]? ordered;

    /// <summary>The same as <see cref="Processes"/>, for loops that are gone through once for each container.</summary>
    public ReadOnlySpan<HostProcess> Span => ordered ??= [.. byPid.Values];

    /// <summary>Processes in ascending order of pid.</summary>
    public IReadOnlyCollection<HostProcess> Processes => byPid.Values;

    /// <summary>
    /// The namespaces of the host: those of pid 1, or, where pid 1 may not be read, of this reader's eldest ancestor that
    /// may. "Host" is what this reader's /proc says: in a container it is that container.
    /// </summary>
    public IReadOnlyList<ulong> HostNamespaces { get; private set; } = new ulong[NamespaceId.Kinds.Count];

    /// <summary>The directory in /proc that <see cref="HostNamespaces"/> was read from.</summary>
    public string HostNamespacesSource { get; private set; } = "";

    /// <summary>Pids that are listed, but of which not even the status may be read (hidepid=1).</summary>
    public int Unreadable { get; private set; }

    /// <summary>Whether processes of other users are not even listed (hidepid=2 and 4, invisible and ptraceable): process 1, which every /proc has, is missing.</summary>
    public bool HidesOthers { get; private set; }

    /// <summary>Processes whose namespaces are another user's secret.</summary>
    public int WithoutNamespaces { get; private set; }

    public HostProcess? Find(int pid) => byPid.GetValueOrDefault(pid);

    /// <summary>Walks /proc once. Processes that end meanwhile are left out.</summary>
    /// <exception cref="LinuxException">There is no procfs.</exception>
    public static HostSnapshot Take(ProcFs proc)
    {
        var snapshot = new HostSnapshot();
        var places = new Dictionary<byte[], CgroupPlace>(Bytes.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        using var walk = new ProcWalk(proc.Root);
        foreach (var pid in proc.Processes())
        {
            if (walk.Enter(pid) == Errno.None)
                snapshot.Observe(walk, places);
        }

        snapshot.FindHostNamespaces();
        snapshot.HidesOthers = snapshot.Find(1) is null && snapshot.Unreadable == 0 && IsHiding(proc);
        return snapshot;
    }

    // proc(5); a kernel before 5.8 has numbers.
    private static bool IsHiding(ProcFs proc) =>
        proc.ReaderMounts().LastOrDefault(mount => mount is { FileSystem: "proc", MountPoint: ExplainContext.ProcRoot }) is { } mount
        && mount.SuperOptions.Any(option => option is "hidepid=invisible" or "hidepid=ptraceable" or "hidepid=2" or "hidepid=4");

    private void Observe(ProcWalk walk, Dictionary<byte[], CgroupPlace>.AlternateLookup<ReadOnlySpan<byte>> places)
    {
        var status = walk.Read("status"u8, out var errno);
        if (errno is Errno.EACCES or Errno.EPERM)
            Unreadable++;
        if (!ProcGlance.TryParse(status, out var glance) || glance.IsDead || IsKernelThread(glance))
            return;
        // Most processes are in one of few cgroups: each different text is parsed once.
        var text = walk.Read("cgroup"u8, out _);
        if (!places.TryGetValue(text, out var place))
            places[text] = place = new CgroupPlace(CgroupMembership.Parse(text));
        var namespaces = new ulong[NamespaceId.Kinds.Count];
        if (walk.Namespaces(namespaces) is var refused and not Errno.None)
        {
            // The kernel says EACCES of a process that has just ended too.
            if (!ProcGlance.TryParse(walk.Read("status"u8, out _), out var now) || now.IsDead)
                return;
            namespaces = [];
            // Pid 1 may have more capabilities than any root that looks at it; whose it is, is known.
            WithoutNamespaces += glance.Pid == 1 ? 0 : 1;
        }

        byPid[glance.Pid] = new HostProcess(glance, namespaces, place);
    }

    private static bool IsKernelThread(in ProcGlance glance) =>
        glance.ParentPid == KernelThreadDaemon || (glance.Pid == KernelThreadDaemon && glance.Command == "kthreadd");

    private void FindHostNamespaces()
    {
        if (Find(1) is { Namespaces.Count: > 0 } first)
        {
            HostNamespaces = first.Namespaces;
            HostNamespacesSource = "/proc/1/ns";
            return;
        }

        // The ancestor that is nearest to pid 1: this reader may itself be in namespaces of its own.
        var (nearest, pid) = (default(HostProcess), Environment.ProcessId);
        for (var generation = 0; Find(pid) is { Pid: > 1 } ancestor && generation < byPid.Count; generation++, pid = ancestor.ParentPid)
            nearest = ancestor.Namespaces.Count > 0 ? ancestor : nearest;
        HostNamespaces = nearest?.Namespaces ?? HostNamespaces;
        HostNamespacesSource = nearest is null || nearest.Pid == Environment.ProcessId ? "/proc/self/ns" : $"/proc/{nearest.Pid}/ns";
    }

    /// <summary>Compares texts by their bytes.</summary>
    private sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static Bytes Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
