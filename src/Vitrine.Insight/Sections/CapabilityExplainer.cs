using System.Numerics;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Sections;

/// <summary>The parts of root's power the process has.</summary>
internal static class CapabilityExplainer
{
    public static CapabilitySection Explain(ExplainContext context)
    {
        var notes = context.Notes();
        var status = context.Status;
        var bounding = new CapabilitySet(status.CapBounding);
        var effective = new CapabilitySet(status.CapEffective);
        var all = context.View.AllCapabilities;
        var added = bounding - CapabilityMeanings.DockerDefault;
        var hasAll = !all.IsEmpty && (all - bounding).IsEmpty;
        Note(context, notes, effective, bounding, hasAll);
        Warn(context, notes, hasAll, effective & added);
        return new CapabilitySection
        {
            Effective = effective.ToNames(),
            Permitted = new CapabilitySet(status.CapPermitted).ToNames(),
            Inheritable = new CapabilitySet(status.CapInheritable).ToNames(),
            Bounding = bounding.ToNames(),
            Ambient = new CapabilitySet(status.CapAmbient).ToNames(),
            Added = Describe(added),
            Missing = (CapabilityMeanings.DockerDefault - bounding).ToNames(),
            All = hasAll,
            Facts = notes.Facts,
            Warnings = notes.Warnings,
        };
    }

    private static void Note(ExplainContext context, SectionNotes notes, CapabilitySet effective, CapabilitySet bounding, bool hasAll)
    {
        var source = context.Source("status");
        notes.Fact("effective", Count(effective), source, effective.IsEmpty
            ? "It has no power beyond that of its user."
            : "These are checked when it does something that only root may do.");
        notes.Fact("bounding", hasAll ? $"{Count(bounding)}: all the host has" : Count(bounding), source,
            "The ceiling: nothing it starts, not even a set-user-id program, gets more.");
        if (context.HasOwn(NamespaceKind.User))
        {
            notes.Fact("scope", "own user namespace", context.Source("ns/user"),
                "They count only for what its user namespace owns, not for the host.");
        }

        if (context.Status.CapInheritable != 0)
        {
            notes.Fact("inheritable", Count(new CapabilitySet(context.Status.CapInheritable)), source,
                "Programs with inheritable file capabilities get these; engines before 2022 set them (CVE-2022-24769).");
        }

        if (context.Status.CapAmbient != 0)
        {
            notes.Fact("ambient", Count(new CapabilitySet(context.Status.CapAmbient)), source,
                "Programs it starts keep these though the user is not root.");
        }
    }

    private static void Warn(ExplainContext context, SectionNotes notes, bool hasAll, CapabilitySet dangerous)
    {
        // Inside a user namespace of its own, a capability reaches nothing of the host.
        var owned = context.HasOwn(NamespaceKind.User);
        if (hasAll && !owned && context.Status.CapEffective != 0)
        {
            notes.Warn(Severity.Critical, "capabilities.all",
                "It has every capability, as --privileged gives: root inside is root on the host.",
                "drop --privileged and add what is needed with --cap-add");
            return;
        }

        foreach (var capability in Each(dangerous))
        {
            var (severity, meaning) = CapabilityMeanings.Of(capability);
            if (severity > Severity.Note)
            {
                notes.Warn(owned ? Severity.Note : severity, $"capabilities.{Capabilities.Name(capability)[4..].ToLowerInvariant()}",
                    $"{Capabilities.Name(capability)}: {meaning}{(owned ? " - but only within its user namespace" : "")}.",
                    $"--cap-drop {Capabilities.Name(capability)[4..]}");
            }
        }

        if (!owned && context.Status.CapEffective != 0 && (dangerous | new CapabilitySet(context.Status.CapEffective)).Contains(Capability.CAP_NET_RAW))
        {
            notes.Warn(Severity.Low, "capabilities.net_raw",
                $"CAP_NET_RAW: {CapabilityMeanings.Of(Capability.CAP_NET_RAW).Meaning}.", "--cap-drop NET_RAW");
        }
    }

    private static string Count(CapabilitySet set) => set.Count == 1 ? "1 capability" : $"{set.Count} capabilities";

    private static List<CapabilityFact> Describe(CapabilitySet set)
    {
        var facts = new List<CapabilityFact>();
        foreach (var capability in Each(set))
        {
            var (severity, meaning) = CapabilityMeanings.Of(capability);
            facts.Add(new CapabilityFact { Name = Capabilities.Name(capability), Meaning = meaning, Severity = severity });
        }

        return facts;
    }

    private static IEnumerable<Capability> Each(CapabilitySet set)
    {
        for (var bits = set.Bits; bits != 0; bits &= bits - 1)
            yield return (Capability)BitOperations.TrailingZeroCount(bits);
    }
}
