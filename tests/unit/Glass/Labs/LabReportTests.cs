using Vitrine.Glass.Labs;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Labs;

public sealed class LabReportTests
{
    [Theory]
    [InlineData(true, StepState.Passed, StepState.Skipped)]
    [InlineData(false, StepState.Passed, StepState.Failed)]
    [InlineData(false, StepState.Failed, StepState.NotRun)]
    [InlineData(false, StepState.Skipped, StepState.Skipped)]
    internal void Passed_NeedsAStepThatWasRun(bool passed, params StepState[] states)
    {
        var report = Report(states);

        Assert.Equal(passed, report.Passed);
        Assert.Equal(passed, !report.Failures.Any());
    }

    [Fact]
    public void LeftBeforeTheFirstStep_IsNoFailure()
    {
        var report = Report(StepState.NotRun) with { WasLeft = true };

        Assert.True(report.Passed);
        Assert.Empty(report.Failures);
    }

    [Fact]
    public void Failures_NameLessonStepAndReason() =>
        Assert.Equal("lesson 3 (cgroups), step 2 (A step): why", Assert.Single(Report(StepState.Passed, StepState.Failed).Failures));

    private static LessonReport Report(params StepState[] states) => new(new Lesson(3, "cgroups", "Cgroups", "", []),
    [
        .. states.Select(state => new StepReport
        {
            Step = new LessonStep { Title = "A step", Explanation = "", Commands = "", Checks = [] },
            State = state,
            Reason = state == StepState.Failed ? "why" : null,
        }),
    ]);
}
