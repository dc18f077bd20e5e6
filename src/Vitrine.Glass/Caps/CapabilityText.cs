using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Privileges;
using Vitrine.Insight.Sections;
using Vitrine.Linux;

namespace Vitrine.Glass.Caps;

/// <summary>Capabilities as tables.</summary>
internal static class CapabilityText
{
    private const int LabelWidth = 18;

    /// <summary>Each capability of a set with its bit and what it lets a process do.</summary>
    public static void Meanings(Paper paper, CapabilitySet set)
    {
        if (set.IsEmpty)
            return;
        paper.Line();
        paper.Table([new("BIT", Right: true), "CAPABILITY", "LETS A PROCESS"], [.. CapabilityNames.Each(set).Select(capability => new Cell[]
        {
            $"{(byte)capability}", Name(capability), new(CapabilityMeanings.Of(capability).Meaning),
        })]);
    }

    /// <summary>How a set differs from the defaults of docker and vitrine.</summary>
    public static void Compare(Paper paper, CapabilitySet set)
    {
        paper.Line();
        Against(paper, set, "docker's default", CapabilityMeanings.DockerDefault);
        Against(paper, set, "vitrine's default", CapabilityMeanings.VitrineDefault);
    }

    /// <summary>The sets of a process side by side.</summary>
    public static void Show(Paper paper, ProcessCapabilities process, string? container)
    {
        paper.Line($"{container ?? process.Command}: process {process.Pid}, user {process.User}", Ink.Strong);
        paper.Line();
        foreach (var (name, set, meaning) in process.Sets)
            paper.Labelled(new Cell(name, Ink.Accent), LabelWidth, new Cell($"{set.ToHex()}  {Count(set)}"), new Cell(meaning, Ink.Faint));
        paper.Labelled(new Cell("no new privileges", Ink.Accent), LabelWidth, NoNewPrivileges(process.NoNewPrivileges));
        paper.Labelled(new Cell("securebits", Ink.Accent), LabelWidth, new Cell("not shown: the kernel tells them to the process alone (prctl(2), PR_GET_SECUREBITS)", Ink.Faint));
        if (process.OwnUserNamespace == true)
            paper.Labelled(new Cell("scope", Ink.Accent), LabelWidth, new Cell("its own user namespace: they count for what that owns, not for the host", Ink.Good));
        Matrix(paper, process);
        Compare(paper, process.Bounding);
    }

    /// <summary>What differs between two sides.</summary>
    public static void Compare(Paper paper, CapabilityComparison comparison)
    {
        if (comparison.IsSame)
        {
            paper.Line($"{comparison.Left} and {comparison.Right} have the same capabilities", Ink.Good);
            return;
        }

        paper.Table(["SET", "CAPABILITY", $"{comparison.Left}", $"{comparison.Right}", "LETS A PROCESS"],
        [
            .. comparison.Sets.SelectMany(set => CapabilityNames.Each(set.OnlyLeft | set.OnlyRight).Select(capability => new Cell[]
            {
                new(set.Name, Ink.Faint), Name(capability), Has(paper, set.Left, capability), Has(paper, set.Right, capability),
                new(CapabilityMeanings.Of(capability).Meaning),
            })),
        ]);
    }

    private static void Matrix(Paper paper, ProcessCapabilities process)
    {
        if (process.Any.IsEmpty)
            return;
        paper.Line();
        paper.Table(["CAPABILITY", "EFF", "PRM", "INH", "BND", "AMB", "DOCKER", "VITRINE", "LETS A PROCESS"],
        [
            .. CapabilityNames.Each(process.Any).Select(capability => new Cell[]
            {
                Name(capability), Has(paper, process.Effective, capability), Has(paper, process.Permitted, capability),
                Has(paper, process.Inheritable, capability), Has(paper, process.Bounding, capability), Has(paper, process.Ambient, capability),
                Has(paper, CapabilityMeanings.DockerDefault, capability), Has(paper, CapabilityMeanings.VitrineDefault, capability),
                new(CapabilityMeanings.Of(capability).Meaning),
            }),
        ]);
    }

    private static void Against(Paper paper, CapabilitySet set, string name, CapabilitySet other)
    {
        var label = new Cell(name, Ink.Accent);
        if (set == other)
            paper.Labelled(label, LabelWidth, new Cell($"exactly these {other.Count}"));
        if (set == other)
            return;
        var more = set - other;
        var less = other - set;
        var texts = new List<Cell>();
        if (!more.IsEmpty)
            texts.Add(new Cell($"beyond it: {Short(more)}", Ink.Caution));
        if (!less.IsEmpty)
            texts.Add(new Cell($"without: {Short(less)}", Ink.Good));
        paper.Labelled(label, LabelWidth, [.. texts]);
    }

    private static Cell NoNewPrivileges(bool? set) => set switch
    {
        true => new Cell("on: no program it starts gains anything by set-user-id or file capabilities", Ink.Good),
        false => new Cell("off: set-user-id programs and file capabilities give what the bounding set allows", Ink.Caution),
        null => new Cell("not told by this kernel", Ink.Faint),
    };

    private static Cell Name(Capability capability) => new(Capabilities.Name(capability), CapabilityMeanings.Of(capability).Severity switch
    {
        Severity.Critical or Severity.High => Ink.Bad,
        Severity.Medium => Ink.Caution,
        _ => Ink.Accent,
    });

    private static Cell Has(Paper paper, CapabilitySet set, Capability capability) =>
        set.Contains(capability) ? new Cell(paper.Glyph("●", "x")) : new Cell(paper.Glyph("·", "-"), Ink.Faint);

    private static string Count(CapabilitySet set) => set.Count switch
    {
        0 => "none",
        1 => "1 capability",
        var count => $"{count} capabilities",
    };

    private static string Short(CapabilitySet set) => string.Join(", ", set.ToNames().Select(name =>
        name.StartsWith(Capabilities.Prefix, StringComparison.Ordinal) ? name[Capabilities.Prefix.Length..] : name));
}
