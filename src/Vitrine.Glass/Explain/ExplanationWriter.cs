using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>
/// Writes an explanation for people: for each mechanism first a table of what is set, then each fact with its meaning and the
/// file it was read from, then what weakens it.
/// </summary>
internal static class ExplanationWriter
{
    private const int LabelWidth = 16;

    /// <param name="output">Where to.</param>
    /// <param name="explanation">What to write.</param>
    /// <param name="style">How.</param>
    /// <param name="sections">The names of the sections to show; all of them, under a heading and a summary, where null.</param>
    public static void Write(TextWriter output, ContainerExplanation explanation, ExplainStyle style, IReadOnlySet<string>? sections)
    {
        var paper = new Paper(output, style);
        if (sections is null)
            Header(paper, explanation);
        foreach (var (title, name, section) in explanation.Sections())
        {
            if (sections?.Contains(name) == false)
                continue;
            paper.Heading(title);
            Table(paper, explanation, section);
            if (section.Facts.Count + section.Warnings.Count > 0)
                paper.Break();
            foreach (var fact in section.Facts)
                Write(paper, fact);
            // What warnings say of single secrets stands in their table already.
            foreach (var warning in section is SecretSection ? [] : section.Warnings)
                Write(paper, warning);
        }
    }

    private static void Header(Paper paper, ContainerExplanation explanation)
    {
        var target = explanation.Target;
        var title = target.Name ?? target.Command;
        paper.Line($"{title}: process {target.Pid} of this host", Ink.Strong);
        var parts = new List<string>();
        if (target.Engine is not null)
            parts.Add($"engine {target.Engine}");
        if (target.Id is { } id)
            parts.Add($"container {(id.Length > 12 ? id[..12] : id)}");
        if (target.Image is not null)
            parts.Add($"image {target.Image}");
        var own = explanation.Namespaces.Namespaces.Count(fact => fact.Scope is NamespaceScope.Isolated or NamespaceScope.Shared);
        parts.Add($"{explanation.Processes.Processes.Count} process{(explanation.Processes.Processes.Count == 1 ? "" : "es")}");
        parts.Add(target.IsContainer switch
        {
            true when own > 0 => $"{own} of {explanation.Namespaces.Namespaces.Count} namespaces of its own",
            true => "a container",
            false => "no container",
            null => "a container or not: not known",
        });
        paper.Line(string.Join(", ", parts));
        Summary(paper, explanation.AllWarnings());
    }

    private static void Summary(Paper paper, IReadOnlyList<Warning> warnings)
    {
        var serious = warnings.Where(warning => warning.Severity > Severity.Low).ToList();
        if (serious.Count == 0)
            return;
        paper.Line();
        paper.Line("What weakens it most:", Ink.Strong);
        foreach (var warning in serious)
            paper.Labelled(SeverityLabel.Of(warning.Severity), 8, new Cell(warning.Message));
    }

    private static void Table(Paper paper, ContainerExplanation explanation, Section section)
    {
        switch (section)
        {
            case ProcessSection processes: ProcessText.Write(paper, processes, explanation.Target.FirstPid); break;
            case NamespaceSection namespaces: NamespaceText.Write(paper, namespaces); break;
            case UserMappingSection mapping: NamespaceText.Write(paper, mapping); break;
            case RootSection root: RootText.Write(paper, root); break;
            case MountSection mounts: MountText.Write(paper, mounts); break;
            case CgroupSection cgroups: CgroupText.Write(paper, cgroups); break;
            case CapabilitySection capabilities: PrivilegeText.Write(paper, capabilities); break;
            case SeccompSection seccomp: PrivilegeText.Write(paper, seccomp); break;
            case DeviceSection devices: PrivilegeText.Write(paper, devices); break;
            case LimitSection limits: PrivilegeText.Write(paper, limits); break;
            case NetworkSection network: NetworkText.Write(paper, network); break;
            case OpenFileSection files: FileText.Write(paper, files); break;
            case SecretSection secrets: SecretText.Write(paper, secrets); break;
        }
    }

    private static void Write(Paper paper, Fact fact)
    {
        var value = fact.Error is null ? new Cell(fact.Value ?? "") : new Cell($"unreadable: {fact.Error}", Ink.Caution);
        var source = new Cell($"{paper.Glyph("←", "<-")} {fact.Source}", Ink.Faint);
        var name = new Cell(fact.Name, Ink.Accent);
        if (fact.Meaning is { } meaning)
            paper.Labelled(name, LabelWidth, value, new Cell(meaning, Ink.Faint), source);
        else
            paper.Labelled(name, LabelWidth, value, source);
    }

    private static void Write(Paper paper, Warning warning)
    {
        var label = SeverityLabel.Of(warning.Severity);
        if (warning.Fix is { } fix)
            paper.Labelled(label, LabelWidth, new Cell(warning.Message, label.Ink), new Cell($"instead: {fix}", Ink.Faint));
        else
            paper.Labelled(label, LabelWidth, new Cell(warning.Message, label.Ink));
    }
}
