using System.Diagnostics;
using Vitrine.Linux;

namespace Vitrine.Glass.Labs;

/// <summary>Runs lessons, each in a sandbox of its own.</summary>
/// <param name="source">What the sandbox's image is made of.</param>
/// <param name="text">Where to show it; null for nowhere.</param>
/// <param name="prompt">Whom to ask; null for nobody.</param>
/// <param name="cancellation">Ends it, cleaned up.</param>
internal sealed class LabRunner(LabSource source, LabText? text, LabPrompt? prompt, CancellationToken cancellation)
{
    private const string SetUp = "SetUp.sh";
    private const string PassedOver = "passed over";

    /// <summary>Below this, tools would cut off what checks look for.</summary>
    private const int FewestColumns = 72;

    private static readonly TimeSpan s_setUpLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_stepLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_checkLimit = TimeSpan.FromMinutes(1);

    private readonly CgroupLayout _layout = CgroupLayout.Read();

    /// <summary>Runs a lesson to its end, or until the user has enough.</summary>
    /// <exception cref="VitrineException">Unavailable: the sandbox cannot be made.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public LessonReport Run(Lesson lesson)
    {
        try
        {
            return RunInSandbox(lesson);
        }
        catch (OperationCanceledException)
        {
            text?.Interrupted();
            throw;
        }
    }

    private LessonReport RunInSandbox(Lesson lesson)
    {
        text?.Lesson(lesson);
        using var sandbox = LabSandbox.Open(_layout);
        if (text?.OutputColumns is { } columns)
            sandbox.Environment.Add($"COLUMNS={Math.Max(columns, FewestColumns)}");
        var shell = new LabShell(sandbox, cancellation);
        var setUp = shell.Run("setup", LessonCatalog.Script(SetUp), s_setUpLimit, null, [.. source.Variables]);
        if (!setUp.Succeeded)
            throw new VitrineException(ErrorKind.Unavailable, $"the lab's image cannot be made: {setUp.Output.Trim()}");
        var reports = new List<StepReport>();
        var (stopped, left) = (false, false);
        for (var number = 1; number <= lesson.Steps.Count; number++)
        {
            var step = lesson.Steps[number - 1];
            if (stopped)
            {
                reports.Add(new StepReport { Step = step, State = StepState.NotRun });
                continue;
            }

            var report = Take(shell, lesson, number, reports.FindIndex(WasPassedOver) + 1);
            left = report is null;
            reports.Add(report ?? new StepReport { Step = step, State = StepState.NotRun });
            // Steps build on each other: without a person who decides, the rest would only fail too.
            stopped = left || (report!.State == StepState.Failed && prompt is null);
        }

        var result = new LessonReport(lesson, reports) { WasLeft = left };
        text?.End(result);
        return result;
    }

    /// <summary>Shows a step and does with it what is wanted; null where the user leaves.</summary>
    /// <param name="shell">Runs it.</param>
    /// <param name="lesson">Whose step it is.</param>
    /// <param name="number">Which, from 1 on.</param>
    /// <param name="missing">The first step before it that the user passed over; 0 for none.</param>
    private StepReport? Take(LabShell shell, Lesson lesson, int number, int missing)
    {
        var step = lesson.Steps[number - 1];
        if (LessonCondition.Unmet(step.Conditions, _layout) is { } unmet)
        {
            text?.Skipped(lesson, number, unmet);
            return new StepReport { Step = step, State = StepState.Skipped, Reason = unmet };
        }

        text?.Step(lesson, number);
        StepReport? report = null;
        while (true)
        {
            switch (report is null ? prompt?.BeforeStep() ?? LabAnswer.Run : prompt!.AfterFailure())
            {
                case LabAnswer.Quit:
                    return report;
                case LabAnswer.Skip:
                    return report ?? new StepReport { Step = step, State = StepState.Skipped, Reason = PassedOver };
                case LabAnswer.Shell:
                    shell.Interact();
                    continue;
            }

            report = RunStep(shell, step, number);
            if (report.State == StepState.Passed || prompt is null)
                return report;
            if (missing > 0)
                text?.Note($"Step {missing} was passed over, and later steps may need what it makes: run the lesson again, with it.");
        }
    }

    private static bool WasPassedOver(StepReport report) => report is { State: StepState.Skipped, Reason: PassedOver };

    private StepReport RunStep(LabShell shell, LessonStep step, int number)
    {
        text?.Begin();
        var name = $"step{number}";
        var clock = Stopwatch.StartNew();
        var outcome = shell.Run(name, step.Commands, s_stepLimit, text is null ? null : text.Output);
        var (checks, reason) = (new List<CheckReport>(), Reason(outcome));
        if (reason is not null)
            text?.Problem(reason);
        else
            CheckAll(shell, step, name, checks);
        reason ??= checks.Find(check => !check.Holds) is { } broken ? $"expected: {broken.Check.Words} ({broken.Check.Command})" : null;

        if (reason is null)
            text?.Meaning(step.Meaning);
        return new StepReport
        {
            Step = step,
            State = reason is null ? StepState.Passed : StepState.Failed,
            Reason = reason,
            Output = outcome.Output,
            Checks = checks,
            Took = clock.Elapsed,
        };
    }

    private void CheckAll(LabShell shell, LessonStep step, string name, List<CheckReport> reports)
    {
        foreach (var check in step.Checks)
        {
            var report = Check(shell, check, $"{name}-check{reports.Count + 1}", name);
            reports.Add(report);
            text?.Check(report);
        }
    }

    private static CheckReport Check(LabShell shell, LessonCheck check, string name, string step)
    {
        var outcome = shell.Run(name, check.Command, s_checkLimit, null, $"OUT={LabShell.OutputPath(step)}");
        return new CheckReport(check, outcome.Succeeded, outcome.TimedOut ? outcome.Output + $"killed after {s_checkLimit.TotalSeconds} seconds\n" : outcome.Output);
    }

    private static string? Reason(LabOutcome outcome) => outcome switch
    {
        { Succeeded: true } => null,
        { TimedOut: true } => $"expected: the commands end; killed after {s_stepLimit.TotalMinutes} minutes",
        _ => $"expected: the commands succeed; they ended with exit code {outcome.ExitCode}",
    };
}
