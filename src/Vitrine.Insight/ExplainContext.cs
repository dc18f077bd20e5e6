using Vitrine.Insight.Host;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;
using Vitrine.Secrets;

namespace Vitrine.Insight;

/// <summary>What the explainers of the sections share: read once, never written.</summary>
internal sealed record ExplainContext
{
    /// <summary>Where facts say that procfs is.</summary>
    public const string ProcRoot = "/proc";

    public required ProcFs Proc { get; init; }
    public required ExplainOptions Options { get; init; }
    public required ContainerHints Hints { get; init; }
    public required HostSnapshot Host { get; init; }
    public required HostProcess Process { get; init; }
    public required ProcStatus Status { get; init; }
    public required ContainerMembers Members { get; init; }
    public required HostView View { get; init; }
    public required IReadOnlyList<IdRange> UserMap { get; init; }
    public required SecretRedactor Redactor { get; init; }

    /// <summary>The engine and container that the cgroup is named after.</summary>
    public EngineMark? Mark { get; init; }

    /// <summary>The bundle's config.json, where it was found and can be read, and its path.</summary>
    public Spec? Spec { get; init; }
    public string? SpecPath { get; init; }

    /// <summary>The container's id, as the caller or the cgroup tells.</summary>
    public string? Id => Hints.Id ?? Mark?.Id;

    /// <summary>Whether anything sets the process apart from the host; null where that cannot be told.</summary>
    public required bool? IsContainer { get; init; }

    /// <summary>The mounts that this reader sees.</summary>
    public IReadOnlyList<MountEntry> ReaderMounts => View.ReaderMounts;

    /// <summary>Whether this reader may compare the process's namespaces with the host's.</summary>
    public bool KnowsNamespaces => Process.Namespaces.Count > 0;

    public int Pid => Process.Pid;

    /// <summary>Root inside, with no user namespace between: the host's root, kept in by the other walls alone.</summary>
    public bool IsHostRoot => Status.User.Effective == 0 && !HasOwn(NamespaceKind.User);

    /// <summary>The path of a file of the explained process, as facts quote it.</summary>
    public string Source(string file) => SourceOf(Pid, file);

    /// <summary>The path of a file of any process, as facts quote it: as it is on the host, wherever its tree is read.</summary>
    public static string SourceOf(int pid, string file) => $"{ProcRoot}/{pid}/{file}";

    /// <summary>A host path as this reader must open it.</summary>
    public string OnHost(string path) => Options.HostRoot + path;

    public SectionNotes Notes() => new(IsContainer == true);

    /// <summary>Whether the process's namespace of a kind is known and not the host's.</summary>
    public bool HasOwn(NamespaceKind kind) => HasOwn(Host, Process, kind);

    public static bool HasOwn(HostSnapshot host, HostProcess process, NamespaceKind kind)
    {
        var inode = process.Namespace(kind);
        return inode != 0 && inode != host.HostNamespaces[(int)kind];
    }

    /// <summary>The id inside that a host id is, or null where it is not mapped.</summary>
    public static uint? Inside(IReadOnlyList<IdRange> map, uint outside)
    {
        foreach (var range in map)
        {
            if (outside >= range.Outside && outside - range.Outside < range.Count)
                return range.Inside + (outside - range.Outside);
        }

        return null;
    }
}
