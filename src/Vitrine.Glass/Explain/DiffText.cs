using Vitrine.Insight;
using Vitrine.Insight.Differences;
using Vitrine.Insight.Json;

namespace Vitrine.Glass.Explain;

/// <summary>Differences as tables, one for each section, and as JSON.</summary>
internal static class DiffText
{
    private const string None = "-";

    public static void Write(Paper paper, ContainerExplanation explanation, IReadOnlyList<SettingDifference> differences, string here, string there)
    {
        if (differences.Count == 0)
            paper.Line($"{here} and {there} are set alike.");
        foreach (var (title, name, _) in explanation.Sections())
        {
            var rows = differences.Where(difference => difference.Section == name).Select(Row).ToList();
            if (rows.Count == 0)
                continue;
            paper.Heading(title);
            paper.Table(["SETTING", here, there], rows);
        }
    }

    public static string Json(IReadOnlyList<SettingDifference> differences, string here, string there) => JsonText.Object(json =>
    {
        json.Number("schemaVersion", 1);
        json.Text("here", here);
        json.Text("there", there);
        json.Objects("differences", differences, static (fields, difference) =>
        {
            fields.Text("section", difference.Section);
            fields.Text("name", difference.Name);
            fields.Text("here", difference.Here);
            fields.Text("there", difference.There);
        });
    });

    private static Cell[] Row(SettingDifference difference) =>
    [
        new(difference.Name, Ink.Accent),
        difference.Here is { } here ? here : new Cell(None, Ink.Faint),
        difference.There is { } there ? there : new Cell(None, Ink.Faint),
    ];
}
