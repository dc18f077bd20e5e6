namespace Vitrine.Insight.Audit.Rules;

/// <summary>A log file that only grows.</summary>
internal sealed class LogGrowthRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA085", "Log without a limit", Severity.Low, Gain.DenialOfService)
    {
        Reason = "What it prints fills the disk that the engine's store is on.",
        Fix = "--log-opt max-size=10m --log-opt max-file=3, or log-opts in daemon.json",
        References = [Reference.Cis("2.13")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.Settings is not { LogDriver: { } driver } settings)
            return;
        var isBoundedByDefault = container.Explanation.Target.Engine == "vitrine" || container.Host.DockerDaemons.Any(daemon => daemon.BoundsLogs);
        var isUnlimited = settings.LogMaxSize is "-1" || (settings.LogMaxSize is null && !isBoundedByDefault);
        if (driver is "json-file" or "" && isUnlimited)
            report.Add("Its log file may grow without limit.", new Evidence(settings.Source, $"LogConfig: {(driver.Length == 0 ? "json-file" : driver)}, max-size {settings.LogMaxSize ?? "not set"}"));
    }
}
