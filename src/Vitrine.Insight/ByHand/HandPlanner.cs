using Vitrine.Insight.Mounts;
using Vitrine.Insight.Sections;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.ByHand;

/// <summary>
/// Reads what a container's first process has from the kernel, and from its OCI configuration what the kernel does not give
/// back (host name, kernel parameters, the command as it was given).
/// </summary>
/// <param name="options">How to look; null for the real host and hidden secrets.</param>
public sealed class HandPlanner(ExplainOptions? options = null)
{
    private readonly ExplainOptions _options = options ?? new ExplainOptions();

    /// <summary>Plans the container around a process.</summary>
    /// <exception cref="VitrineException">NotFound: no such process. Unavailable: it may not be looked at. Invalid: nothing sets it apart.</exception>
    public HandPlan Plan(ExplainTarget target)
    {
        var explainer = new Explainer(_options);
        var context = explainer.Observe(target);
        if (context.Members.First.Pid != context.Pid)
            context = explainer.Observe(target with { Pid = context.Members.First.Pid });
        if (!context.KnowsNamespaces)
            throw new VitrineException(ErrorKind.Unavailable, $"process {context.Pid} is another user's: only root may read what it takes to start it again");
        if (context.IsContainer != true)
            throw new VitrineException(ErrorKind.Invalid, $"process {context.Pid} is an ordinary process of this host: there is nothing to make by hand");
        return Plan(context);
    }

    private static HandPlan Plan(ExplainContext context)
    {
        var missing = new List<string>();
        var mounts = context.Proc.Mounts(context.Pid) ?? [];
        var root = Root(context, mounts, missing);
        var (made, joined) = Namespaces(context);
        var names = made.Contains(NamespaceKind.Uts) ? Names(context, missing) : default;
        var planned = Mounts(context, mounts, root, missing);
        NoteMissing(context, missing);
        return new HandPlan
        {
            Name = context.Hints.Name ?? context.Process.Command,
            Pid = context.Pid,
            Made = made,
            Joined = joined,
            TimeOffsets = made.Contains(NamespaceKind.Time) ? Lines(context.Proc.Text(context.Pid, "timens_offsets")) : [],
            UserMap = made.Contains(NamespaceKind.User) ? context.UserMap : [],
            GroupMap = made.Contains(NamespaceKind.User) ? context.Proc.GroupMap(context.Pid) ?? [] : [],
            Root = root,
            Mounts = planned,
            Nodes = Nodes(context, planned, made, root),
            Groups = Groups(context, missing),
            Interfaces = made.Contains(NamespaceKind.Network) ? NetworkPlanner.Plan(context, missing) : [],
            Hostname = names.Host,
            Domainname = names.Domain is "(none)" ? null : names.Domain,
            Sysctls = [.. context.Spec?.Linux?.Sysctl ?? new Dictionary<string, string>()],
            Limits = Limits(context),
            Process = ProcessPlanner.Plan(context),
            Missing = missing,
        };
    }

    private static HandRoot Root(ExplainContext context, IReadOnlyList<MountEntry> mounts, List<string> missing)
    {
        var section = RootExplainer.Explain(context, mounts);
        if (section.Kind == RootKind.Host)
            return new HandRoot();
        var readOnly = section.ReadOnly == true;
        if (section.Layers.Count > 0)
        {
            if (section.Layers is [{ Writable: true }, ..])
                missing.Add("What the container has written to its root since it was made: the script starts from the image's layers, with an empty one on top.");
            return new HandRoot { Layers = [.. section.Layers.Where(layer => !layer.Writable).Select(layer => layer.Directory)], ReadOnly = readOnly };
        }

        return section.HostPath is { } path
            ? new HandRoot { Directory = path, ReadOnly = readOnly }
            : throw new VitrineException(ErrorKind.Unavailable, $"the root of process {context.Pid} ({section.FileSystem}) is on a filesystem that this host has not mounted: there is no path to start from");
    }

    private static List<HandMount> Mounts(ExplainContext context, IReadOnlyList<MountEntry> mounts, HandRoot root, List<string> missing)
    {
        if (!root.IsHost)
            return new MountPlanner(context, mounts, RootExplainer.RootMount(mounts), missing).Plan();
        // A copy of the host's mount table, made with the namespace: only what came later is of interest.
        var host = new HostPaths(context.ReaderMounts);
        return [.. new MountPlanner(context, mounts, RootExplainer.RootMount(mounts), missing).Plan(mount => !host.HasSame(mount))];
    }

    private static (List<NamespaceKind> Made, List<JoinedNamespace> Joined) Namespaces(ExplainContext context)
    {
        var (made, joined) = (new List<NamespaceKind>(), new List<JoinedNamespace>());
        foreach (var kind in NamespaceId.Kinds)
        {
            var fact = NamespaceExplainer.Describe(context, kind);
            var other = fact.SharedWith.Where(peer => peer.Pid != context.Members.Supervisor?.Pid).MinBy(peer => StartOf(context, peer));
            if (fact.Scope == NamespaceScope.Shared && other is not null && !MakesItself(context, kind))
                joined.Add(new JoinedNamespace(kind, other.Pid));
            else if (fact.Scope is NamespaceScope.Isolated or NamespaceScope.Shared)
                made.Add(kind);
        }

        return (made, joined);
    }

    /// <summary>Orders by start: the script joins whoever has been there longest, as who has just come may be gone before it runs.</summary>
    private static ulong StartOf(ExplainContext context, NamespacePeer peer)
    {
        try
        {
            return context.Proc.StartTime(peer.Pid) ?? ulong.MaxValue;
        }
        catch (LinuxException)
        {
            return ulong.MaxValue; // hidepid
        }
    }

    /// <summary>Whether the configuration says that others joined this one's namespace, and not it theirs.</summary>
    private static bool MakesItself(ExplainContext context, NamespaceKind kind)
    {
        var type = kind switch { NamespaceKind.Mount => "mount", NamespaceKind.Network => "network", _ => NamespaceId.FileName(kind) };
        return context.Spec?.Linux?.Namespaces?.Any(item => item.Type == type && string.IsNullOrEmpty(item.Path)) == true;
    }

    /// <summary>What is in /dev, where that is a filesystem of the container's own; a user namespace may make no nodes.</summary>
    private static List<HandNode> Nodes(ExplainContext context, List<HandMount> mounts, List<NamespaceKind> made, HandRoot root)
    {
        if (root.IsHost || !mounts.Exists(mount => mount is { Destination: "/dev", Kind: HandMountKind.New }))
            return [];
        var nodes = RootFiles.Nodes(context, "/dev", path => mounts.Exists(mount => mount.Destination == path));
        if (made.Contains(NamespaceKind.User))
            nodes.RemoveAll(node => node.Target is null);
        return nodes;
    }

    private static List<HandGroup> Groups(ExplainContext context, List<string> missing)
    {
        var notes = context.Notes();
        var view = Explainer.Groups(context, notes);
        var groups = new List<HandGroup>();
        foreach (var place in view.Places)
        {
            if (place.Directory is null || place.Path == "/")
                continue;
            groups.Add(new HandGroup
            {
                Controllers = place.Controllers,
                Directory = place.Directory,
                Settings = GroupSettings.Read(place, path => view.ReadFile(Path.GetFileName(path), path)),
            });
            if (place.Version == 2 && view.Version == "v2")
                missing.Add("Which devices may be opened: with cgroup v2 that is a BPF program, which no file takes.");
        }

        return groups;
    }

    private static (string? Host, string? Domain) Names(ExplainContext context, List<string> missing)
    {
        try
        {
            if (context.Options.HostNames(context.Pid) is { } names)
                return names;
        }
        catch (LinuxException)
        {
            missing.Add("Its host name: that is told only to who may enter its uts namespace.");
        }

        return (context.Spec?.Hostname, context.Spec?.Domainname);
    }

    private static List<LimitFact> Limits(ExplainContext context)
    {
        var own = context.Proc.ReaderLimits() ?? [];
        return [.. LimitExplainer.Explain(context).Limits.Where(limit => !own.Select(LimitExplainer.Describe).Any(other => other == limit))];
    }

    private static void NoteMissing(ExplainContext context, List<string> missing)
    {
        if (context.Status.SeccompMode == 2)
            missing.Add("The seccomp filter: no command line tool loads one. The script's process may make every system call its capabilities allow.");
        if (context.Hints.Engine == "vitrine" && context.HasOwn(NamespaceKind.Network))
            missing.Add("Name service at 127.0.0.11 and published ports: a supervisor and the firewall do that.");
    }

    private static string[] Lines(string? text) => text?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
