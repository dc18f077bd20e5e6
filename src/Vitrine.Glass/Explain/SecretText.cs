using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>What looks like a secret, where it leaks; then the environment as it is, secrets hidden.</summary>
internal static class SecretText
{
    public static void Write(Paper paper, SecretSection section)
    {
        foreach (var finding in section.Findings)
        {
            var place = finding.Place == SecretPlace.Environment ? "variable" : "argument";
            paper.Labelled(new Cell(finding.Name, Ink.Bad), 16,
            [
                new Cell($"{finding.Kind} ({finding.Confidence}) in a {place}: {finding.Length} characters, fingerprint #{finding.Fingerprint}"),
                .. finding.LeaksAt.Select(leak => new Cell($"readable at {leak}", Ink.Faint)),
            ]);
        }

        var fixes = section.Warnings.Select(warning => warning.Fix).OfType<string>().Distinct();
        foreach (var fix in fixes)
            paper.Labelled(new Cell("instead", Ink.Accent), 16, new Cell(fix));
        paper.Break();
        paper.Table(["VARIABLE", "VALUE", ""], [.. section.Environment.Select(variable => new Cell[]
        {
            new(variable.Name, Ink.Accent),
            new(variable.Value, variable.Hidden ? Ink.Caution : variable.Source is null ? Ink.Plain : Ink.Faint),
            variable.Source is null ? "" : "as started",
        })]);
    }
}
