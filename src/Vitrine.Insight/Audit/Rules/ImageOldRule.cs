namespace Vitrine.Insight.Audit.Rules;

/// <summary>An image that is older than half a year.</summary>
internal sealed class ImageOldRule : ContainerRule
{
    private const int FirstYear = 2013;

    private static readonly TimeSpan Oldest = TimeSpan.FromDays(180);

    public override RuleInfo Info { get; } = new("VA101", "Old image", Severity.Low, Gain.Hygiene)
    {
        Reason = "Repairs of the packages in it since then are missing.",
        Fix = "build it anew on a current base, pull, and create the container again",
        References = [Reference.Cis("4.4"), Reference.Cis("5.28")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if (container.ImageCreated is not { } created || container.Now - created < Oldest || created.Year < FirstYear)
            return; // Reproducible builds set a date of long ago.
        report.Add($"Its image was built {(int)(container.Now - created).TotalDays} days ago.", new Evidence("the image's configuration", $"created {created:yyyy-MM-dd}"));
    }
}
