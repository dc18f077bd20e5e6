using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Audit;
using Vitrine.Linux;

namespace Vitrine.Glass.Audit;

/// <summary>Writes an audit for people: for each subject the findings under what they give an attacker, then the ways out.</summary>
internal static class AuditWriter
{
    private const int LabelWidth = 9;

    /// <param name="output">Where to.</param>
    /// <param name="report">What to write.</param>
    /// <param name="style">How.</param>
    /// <param name="showsPaths">Whether each way out is shown, with its steps and preconditions.</param>
    public static void Write(TextWriter output, AuditReport report, ExplainStyle style, bool showsPaths)
    {
        var paper = new Paper(output, style);
        foreach (var subject in report.Subjects)
            Write(paper, subject, showsPaths);
        if (report.Subjects.Count == 0)
            paper.Line(report.Missing.Count == 0 ? "No container runs on this host." : "No container that this user may see runs on this host.");
        else
            Summary(paper, report);
        foreach (var sentence in report.Missing)
            paper.Line($"Not seen: {sentence}.", Ink.Caution);
    }

    /// <summary>All rules as a table.</summary>
    public static void WriteRules(TextWriter output, ExplainStyle style)
    {
        var paper = new Paper(output, style);
        paper.Table(["ID", "FOR", "SEVERITY", "GIVES", "TITLE"],
            [.. RuleCatalog.All.Select(rule => new Cell[] { rule.Info.Id, ScopeOf(rule.Scope), SeverityLabel.Of(rule.Info.Severity), rule.Info.Gain.Describe(), rule.Info.Title })]);
    }

    private static void Write(Paper paper, AuditedSubject subject, bool showsPaths)
    {
        paper.Heading(Title(subject));
        Gain? last = null;
        foreach (var finding in subject.Findings)
        {
            if (finding.Gain != last)
            {
                if (last is not null)
                    paper.Break();
                paper.Line($"  {Capital(finding.Gain.Describe())}", Ink.Strong);
            }

            last = finding.Gain;
            Write(paper, finding);
        }

        if (subject.Findings.Count == 0)
            paper.Line("  Nothing found.", Ink.Good);
        if (subject.WaysOut.Count > 0)
            WriteWays(paper, subject, showsPaths);
        WriteUnchecked(paper, subject);
    }

    private static string Title(AuditedSubject subject) => VisibleText.Of(subject.Target is not { } target
        ? subject.Name
        : $"{subject.Name} ({target.Engine ?? "no engine"}, pid {target.Pid}{(target.Image is null ? "" : $", {target.Image}")})");

    private static void Write(Paper paper, Finding finding)
    {
        List<Cell> texts = [new Cell($"{finding.Message} [{finding.Rule.Id}]")];
        foreach (var evidence in finding.Evidence)
            texts.Add(new Cell($"{paper.Glyph("←", "<-")} {evidence.Source}: {evidence.Value}", Ink.Faint));
        texts.Add(new Cell($"instead: {finding.Fix}", Ink.Faint));
        paper.Labelled(SeverityLabel.Of(finding.Severity), LabelWidth, [.. texts]);
    }

    private static void WriteWays(Paper paper, AuditedSubject subject, bool showsPaths)
    {
        var (open, unknown) = (Of(subject, Verdict.Open), Of(subject, Verdict.Unknown));
        paper.Break();
        paper.Line($"  Ways out: {open.Count} open, {unknown.Count} not known, {subject.WaysOut.Count - open.Count - unknown.Count} closed", Ink.Strong);
        if (!showsPaths)
        {
            foreach (var way in open)
                paper.Labelled(new Cell("open", Ink.Bad), LabelWidth, new Cell($"{way.Rule.Title}: {way.Rule.Reason} [{way.Rule.Id}]"));
            foreach (var way in unknown)
                paper.Labelled(new Cell("unknown", Ink.Caution), LabelWidth, new Cell($"{way.Rule.Title}, if {string.Join("; and ", way.Preconditions.Where(condition => condition.IsMet is null).Select(condition => $"{condition.Text} ({condition.Reason})"))} [{way.Rule.Id}]"));
            return;
        }

        foreach (var way in subject.WaysOut.OrderByDescending(way => way.Verdict))
            WritePath(paper, way);
    }

    private static void WritePath(Paper paper, WayOut way)
    {
        var verdict = way.Verdict switch
        {
            Verdict.Open => new Cell("open", Ink.Bad),
            Verdict.Unknown => new Cell("unknown", Ink.Caution),
            _ => new Cell("closed", Ink.Good),
        };
        List<Cell> texts = [new Cell($"{way.Rule.Title} [{way.Rule.Id}]: {way.Rule.Reason}")];
        foreach (var condition in way.Preconditions)
        {
            var mark = condition.IsMet switch { true => "yes", false => "no", null => "?" };
            texts.Add(new Cell($"  {mark}: {condition.Text}: {condition.Reason} {paper.Glyph("←", "<-")} {condition.Source}", condition.IsMet == false ? Ink.Good : Ink.Faint));
        }

        for (var i = 0; i < way.Steps.Count; i++)
            texts.Add(new Cell($"  {i + 1}. {way.Steps[i]}"));
        texts.Add(new Cell($"closed by: {way.Rule.Fix}", Ink.Faint));
        paper.Labelled(verdict, LabelWidth, [.. texts]);
    }

    private static void WriteUnchecked(Paper paper, AuditedSubject subject)
    {
        foreach (var gap in subject.Unchecked)
            paper.Labelled(new Cell("unchecked", Ink.Caution), LabelWidth, new Cell($"{gap.RuleId}: {gap.Source}: {gap.Reason}", Ink.Faint));
    }

    private static void Summary(Paper paper, AuditReport report)
    {
        paper.Line();
        var findings = report.Subjects.SelectMany(subject => subject.Findings).ToList();
        var counts = new List<string>();
        for (var severity = Severity.Critical; severity >= Severity.Note; severity--)
        {
            if (findings.Count(finding => finding.Severity == severity) is > 0 and var count)
                counts.Add($"{count} {severity.ToString().ToLowerInvariant()}");
        }

        var open = report.Subjects.Sum(subject => subject.WaysOut.Count(way => way.Verdict == Verdict.Open));
        paper.Line($"{report.Subjects.Count} audited: {(counts.Count == 0 ? "nothing found" : string.Join(", ", counts))}; {open} way{(open == 1 ? "" : "s")} out open.", Ink.Strong);
    }

    private static List<WayOut> Of(AuditedSubject subject, Verdict verdict) => [.. subject.WaysOut.Where(way => way.Verdict == verdict)];

    private static string ScopeOf(RuleScope scope) => scope switch
    {
        RuleScope.WayOut => "way out",
        _ => scope.ToString().ToLowerInvariant(),
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
