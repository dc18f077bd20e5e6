using Vitrine.Insight.Json;

namespace Vitrine.Glass.Labs;

/// <summary>Lessons and what came of them, for programs (docs/lab.md).</summary>
internal static class LabJson
{
    public static string List(IReadOnlyList<Lesson> lessons) => JsonText.Array(lessons, (json, lesson) =>
    {
        Head(json, lesson);
        json.Objects("steps", lesson.Steps, (step, value) =>
        {
            step.Text("title", value.Title);
            step.Texts("only", value.Conditions);
        });
    });

    public static string Reports(IReadOnlyList<LessonReport> reports) => JsonText.Object(json =>
    {
        json.Flag("passed", reports.All(report => report.Passed));
        json.Objects("lessons", reports, (fields, report) =>
        {
            Head(fields, report.Lesson);
            fields.Flag("passed", report.Passed);
            fields.Objects("steps", report.Steps, Step);
        });
    });

    private static void Head(JsonFields json, Lesson lesson)
    {
        json.Number("number", lesson.Number > 0 ? lesson.Number : null);
        json.Text("name", lesson.Name);
        json.Text("title", lesson.Title);
    }

    private static void Step(JsonFields json, StepReport report)
    {
        json.Text("title", report.Step.Title);
        json.Choice("state", report.State);
        json.Text("reason", report.Reason);
        if (report.State is StepState.NotRun or StepState.Skipped)
            return;
        json.Text("commands", report.Step.Commands);
        json.Text("output", report.Output);
        json.Real("seconds", Math.Round(report.Took.TotalSeconds, 3));
        json.Objects("checks", report.Checks, (fields, check) =>
        {
            fields.Text("words", check.Check.Words);
            fields.Text("command", check.Check.Command);
            fields.Flag("holds", check.Holds);
            if (!check.Holds)
                fields.Text("output", check.Output);
        });
    }
}
