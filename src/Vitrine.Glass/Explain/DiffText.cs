using Vitrine.Insight;
using Vitrine.Insight.Differences;
using Vitrine.Insight.Json;

namespace Vitrine.Glass.Explain;

/// <summary>Differences as tables, one for each section, and as JSON.</summary>
/// <param name="explanation">The explained one.</param>
/// <param name="differences">From the other.</param>
/// <param name="other">What the other was called.</param>
/// <param name="standard">The default that it was compared with; null for another process.</param>
internal sealed class DiffText(ContainerExplanation explanation, IReadOnlyList<SettingDifference> differences, string other, EngineDefault? standard)
{
    private const string None = "-";

    private string Here => explanation.Target.Name ?? $"pid {explanation.Target.Pid}";

    public void Write(Paper paper)
    {
        if (standard is not null)
            paper.Line(Compared(standard));
        if (differences.Count == 0)
            paper.Line($"{Here} and {standard?.Title ?? other} are set alike.");
        foreach (var (title, name, _) in explanation.Sections())
        {
            var rows = differences.Where(difference => difference.Section == name).Select(Row).ToList();
            if (rows.Count == 0)
                continue;
            paper.Heading(title);
            paper.Table(["SETTING", Here, other], rows);
        }
    }

    public string Json() => JsonText.Object(json =>
    {
        json.Number("schemaVersion", 1);
        json.Text("here", Here);
        json.Text("there", other);
        json.Object("default", standard, static (fields, standard) =>
        {
            fields.Text("engine", standard.Engine);
            fields.Text("title", standard.Title);
            fields.Text("by", standard.By);
            fields.Flag("standIn", standard.IsStandIn);
        });
        json.Objects("differences", differences, static (fields, difference) =>
        {
            fields.Text("section", difference.Section);
            fields.Text("name", difference.Name);
            fields.Text("here", difference.Here);
            fields.Text("there", difference.There);
        });
    });

    private string Compared(EngineDefault standard) => !standard.IsStandIn
        ? $"Compared with {standard.Title}: {standard.By}."
        : explanation.Target.Engine is { } engine and not "none"
            ? $"No default of {engine} is known here. Compared with {standard.Title} instead: {standard.By}."
            : $"No engine is known to run it. Compared with {standard.Title} instead: {standard.By}.";

    private static Cell[] Row(SettingDifference difference) =>
    [
        new(difference.Name, Ink.Accent),
        difference.Here is { } here ? here : new Cell(None, Ink.Faint),
        difference.There is { } there ? there : new Cell(None, Ink.Faint),
    ];
}
