namespace Vitrine.Insight.Audit.Rules;

/// <summary>The tag latest, or none.</summary>
internal sealed class ImageLatestRule : ContainerRule
{
    public override RuleInfo Info { get; } = new("VA100", "Image without a version", Severity.Note, Gain.Hygiene)
    {
        Reason = "What runs changes with the next pull, and nobody can say which version it was.",
        Fix = "name a version or, better, a digest: image:1.2.3@sha256:...",
        References = [Reference.Cis("5.28")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        if ((container.Settings?.Image ?? container.Explanation.Target.Image) is not { Length: > 0 } image || image.Contains('@', StringComparison.Ordinal) || image.StartsWith("sha256:", StringComparison.Ordinal))
            return;
        var name = image[(image.LastIndexOf('/') + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || name[(colon + 1)..] == "latest")
            report.Add($"{image} names no version.", new Evidence(container.Settings?.Source ?? "the engine's record", $"Image: {image}"));
    }
}
