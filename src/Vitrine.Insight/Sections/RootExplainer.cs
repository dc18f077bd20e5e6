using Vitrine.Insight.Mounts;
using Vitrine.Insight.Stores;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Sections;

/// <summary>Where the root directory comes from: which filesystem, which layers, and whether it is a wall or only a path.</summary>
internal static class RootExplainer
{
    public static RootSection Explain(ExplainContext context, IReadOnlyList<MountEntry> mounts)
    {
        var notes = context.Notes();
        var link = notes.Read("root link", context.Source("root"), () => context.Proc.Link(context.Pid, "root"));
        var mount = RootMount(mounts);
        var hostRoot = RootMount(context.ReaderMounts);
        var kind = Kind(context, link, mount, hostRoot);
        var layers = mount?.FileSystem == "overlay" && kind != RootKind.Host ? Layers(context, OverlayOptions.Read(mount, context.Hints.LayerRoot)) : new List<LayerFact>();
        var path = HostPath(context, kind, link, mount);
        Note(context, notes, kind, mount, layers, path);
        return new RootSection
        {
            Kind = kind,
            FileSystem = mount?.FileSystem,
            HostPath = path,
            ReadOnly = mount?.IsReadOnly,
            Layers = layers,
            Facts = notes.Facts,
            Warnings = notes.Warnings,
        };
    }

    /// <summary>The last mount at / hides those before it.</summary>
    internal static MountEntry? RootMount(IReadOnlyList<MountEntry> mounts)
    {
        for (var i = mounts.Count - 1; i >= 0; i--)
        {
            if (mounts[i].MountPoint == "/")
                return mounts[i];
        }

        return null;
    }

    private static RootKind Kind(ExplainContext context, string? link, MountEntry? mount, MountEntry? hostRoot)
    {
        if (link is not null and not "/")
            return RootKind.Chroot;
        if (mount is null || hostRoot is null)
            return link is null ? RootKind.Unknown : RootKind.Chroot;
        if (mount.Major == hostRoot.Major && mount.Minor == hostRoot.Minor && mount.Root == hostRoot.Root)
            return RootKind.Host;
        // Another root in the host's mount namespace can only be a chroot; which namespace it is, not everybody may see.
        return context.HasOwn(NamespaceKind.Mount) ? RootKind.Pivoted : context.KnowsNamespaces ? RootKind.Chroot : RootKind.Unknown;
    }

    private static string? HostPath(ExplainContext context, RootKind kind, string? link, MountEntry? mount) => kind switch
    {
        RootKind.Host => "/",
        RootKind.Chroot when link is not null and not "/" && !context.HasOwn(NamespaceKind.Mount) => link,
        _ when mount is null or { FileSystem: "overlay" } => null,
        _ => new HostPaths(context.ReaderMounts).Find(mount),
    };

    private static void Note(
        ExplainContext context, SectionNotes notes, RootKind kind, MountEntry? mount, List<LayerFact> layers, string? path)
    {
        notes.Fact("root", kind switch
        {
            RootKind.Pivoted => "a filesystem of its own (pivot_root)",
            RootKind.Chroot => "a directory (chroot)",
            RootKind.Host => "the host's",
            _ => "not known",
        }, context.Source("root"), Meaning(kind));
        if (mount is not null)
        {
            notes.Fact("filesystem", $"{mount.FileSystem}{(layers.Count > 0 ? $" of {layers.Count} layers" : "")}, {(mount.IsReadOnly ? "read-only" : "writable")}",
                context.Source("mountinfo"), mount.FileSystem == "overlay"
                    ? "Layers lie over each other: a file is taken from the topmost that has it, and written to the top one only."
                    : null);
        }

        if (path is not null and not "/")
            notes.Fact("on the host", path, context.Source("mountinfo"), "The same files, from outside.");
        notes.Fact("from outside", context.Source("root/"), context.Source("root"),
            "Root on the host looks into the container here, without entering it and without any tool in it.");
        Warn(context, notes, kind, mount);
    }

    private static string Meaning(RootKind kind) => kind switch
    {
        RootKind.Pivoted => "The host's root is not in its mount table at all: no path leads there.",
        RootKind.Chroot => "The host's files are still mounted in its namespace; only path lookup stops at this directory.",
        RootKind.Host => "It sees the host's files as they are.",
        _ => "Its root link cannot be read without the right to trace it.",
    };

    private static void Warn(ExplainContext context, SectionNotes notes, RootKind kind, MountEntry? mount)
    {
        if (kind == RootKind.Host)
        {
            notes.Warn(context.IsHostRoot ? Severity.Critical : Severity.Medium, "root.host",
                "The host's root filesystem is its own: every file that its user may read or write is in reach.",
                "give it a root filesystem of its own");
        }
        else if (kind == RootKind.Chroot && new CapabilitySet(context.Status.CapEffective).Contains(Capability.CAP_SYS_CHROOT))
        {
            notes.Warn(Severity.High, "root.chroot",
                "A chroot is no wall for a process with CAP_SYS_CHROOT: a second chroot and a few .. lead out.",
                "use pivot_root in a mount namespace");
        }
        else if (mount is { IsReadOnly: false })
        {
            notes.Warn(Severity.Note, "root.writable", "What breaks in can leave programs in its root.", "--read-only, with --tmpfs where it writes");
        }
    }

    private static List<LayerFact> Layers(ExplainContext context, OverlayOptions overlay)
    {
        var size = new TreeSize(context.Options.LayerBudget);
        var layers = new List<LayerFact>();
        if (overlay.Upper is { } upper)
            layers.Add(Measured(context, size, new LayerFact { Directory = upper, Writable = true }));
        foreach (var directory in overlay.Lower)
        {
            var hint = Hint(context, directory);
            var layer = new LayerFact
            {
                Directory = directory,
                Writable = false,
                ByEngine = hint?.ByEngine ?? false,
                Digest = hint?.Digest,
                // A build step repeats build arguments, secrets among them.
                CreatedBy = hint?.CreatedBy is { } step ? context.Redactor.Redact([step])[0] : null,
                SizeBytes = hint?.SizeBytes,
            };
            layers.Add(layer.SizeBytes is null ? Measured(context, size, layer) : layer);
        }

        return layers;
    }

    /// <summary>What the engine knows of a layer. Docker and Podman mount them by short links, l/NAME, to ../ID/diff.</summary>
    private static LayerHint? Hint(ExplainContext context, string directory)
    {
        if (context.Hints.Layers.Count == 0)
            return null;
        var parent = Path.GetDirectoryName(directory);
        if (parent?.EndsWith("/l", StringComparison.Ordinal) == true && StoreFiles.LinkAt(context.OnHost(directory)) is { } target)
            directory = Path.GetFullPath(Path.Join(parent, target));
        return context.Hints.Layers.FirstOrDefault(layer => layer.Directory == directory);
    }

    private static LayerFact Measured(ExplainContext context, TreeSize size, LayerFact layer) =>
        !context.Options.OnlySettings && size.Measure(context.OnHost(layer.Directory)) is { } measured
            ? layer with { SizeBytes = measured.Bytes, Entries = measured.Entries, Incomplete = measured.Incomplete }
            : layer;
}
