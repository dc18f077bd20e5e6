using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Creation;

public sealed class HealthRulesTests
{
    [Fact]
    public void ToPlan_ShellCommand_RunsInTheImagesShell()
    {
        var config = new ContainerConfig { Shell = ["/bin/bash", "-ec"], Healthcheck = new HealthConfig { Test = ["CMD-SHELL", "curl x"] } };

        Assert.Equal(["/bin/bash", "-ec", "curl x"], HealthRules.ToPlan(config)!.Command);
        Assert.Equal(["/bin/sh", "-c", "curl x"], HealthRules.ToPlan(config with { Shell = null })!.Command);
    }

    [Fact]
    public void ToPlan_NothingSaid_HasDockersDefaults()
    {
        var plan = HealthRules.ToPlan(new ContainerConfig { Healthcheck = new HealthConfig { Test = ["CMD", "probe", "-x"] } })!;

        Assert.Equal(["probe", "-x"], plan.Command);
        Assert.Equal((30_000, 30_000, 0, 5_000, 3, "none"),
            (plan.Interval, plan.Timeout, plan.StartPeriod, plan.StartInterval, plan.Retries, plan.OnFailure));
    }

    [Fact]
    public void ToPlan_None_IsNull()
    {
        Assert.Null(HealthRules.ToPlan(new ContainerConfig()));
        Assert.Null(HealthRules.ToPlan(new ContainerConfig { Healthcheck = new HealthConfig { Test = ["NONE"] } }));
        Assert.Null(HealthRules.ToPlan(new ContainerConfig { Healthcheck = new HealthConfig { Interval = 1_000_000 } }));
    }

    [Fact]
    public void Check_FindsEveryProblem()
    {
        var problems = new Problems();

        HealthRules.Check(new HealthConfig { Test = ["MAYBE"], Interval = 999, StartInterval = -1, Retries = -1, OnFailure = "panic" }, problems);

        var message = Assert.Throws<VitrineException>(problems.ThrowIfAny).Message;
        foreach (var named in new[] { "MAYBE", "Interval", "StartInterval", "Retries", "panic" })
            Assert.Contains(named, message, StringComparison.Ordinal);
    }
}
