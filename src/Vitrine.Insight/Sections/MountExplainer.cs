using Vitrine.Insight.Mounts;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Sections;

/// <summary>What is mounted in the container besides its root.</summary>
internal static class MountExplainer
{
    public static MountSection Explain(ExplainContext context, IReadOnlyList<MountEntry> mounts, RootKind root, SectionNotes notes)
    {
        var host = new HostPaths(context.ReaderMounts);
        var classifier = new MountClassifier(host, context.Hints.Volumes);
        var facts = new List<MountFact>();
        var copies = 0;
        foreach (var mount in mounts)
        {
            if (mount.MountPoint == "/")
                continue; // The root itself, or one that it hides.
            // Below another root the same place is no copy: somebody mounted it there.
            if (root == RootKind.Host && host.HasSame(mount))
                copies++;
            else
                facts.Add(classifier.Classify(mount));
        }

        Note(context, notes, facts, copies);
        foreach (var fact in facts)
            MountRisks.Warn(context, notes, fact);
        MountRisks.WarnOpenKernelViews(context, notes, facts);
        return new MountSection { Mounts = facts, Facts = notes.Facts, Warnings = notes.Warnings };
    }

    private static void Note(ExplainContext context, SectionNotes notes, List<MountFact> facts, int copies)
    {
        var source = context.Source("mountinfo");
        notes.Fact("mounts", $"{facts.Count} of its own", source, "Each is a line of its mount table; those of the host are not in it.");
        if (copies > 0)
        {
            notes.Fact("host's mounts", $"{copies}", source, context.HasOwn(NamespaceKind.Mount)
                ? "Copies of the host's mounts: a new mount namespace starts with them, and here nothing removed them."
                : "It uses the host's mount table.");
        }

        var masked = facts.Count(fact => fact.Class == MountClass.Masked);
        var readOnly = facts.Count(fact => fact.Class == MountClass.ReadOnlyPath);
        if (masked + readOnly > 0)
        {
            notes.Fact("kernel paths", $"{masked} masked, {readOnly} read-only", source,
                "Parts of /proc and /sys that know no namespaces are hidden or protected from writing.");
        }
    }
}
