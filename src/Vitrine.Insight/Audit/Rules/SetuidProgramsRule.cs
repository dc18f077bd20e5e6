namespace Vitrine.Insight.Audit.Rules;

/// <summary>Set-user-id programs that work.</summary>
internal sealed class SetuidProgramsRule : ContainerRule
{
    private const int Shown = 5;

    public override RuleInfo Info { get; } = new("VA054", "Set-user-id programs", Severity.Low, Gain.Hygiene)
    {
        Reason = "A flaw in one of them makes an ordinary user root inside.",
        Fix = "remove them from the image (chmod u-s,g-s), mount nosuid, or --security-opt no-new-privileges",
        References = [Reference.Cis("4.8")],
    };

    public override void Check(ContainerSubject container, RuleReport report)
    {
        var explained = container.Explanation;
        if (!container.CanGainPrivileges || container.IsHostRoot || explained.Root.Kind is RootKind.Host or RootKind.Unknown)
            return;
        IReadOnlyList<string> directories = explained.Root.Layers.Count > 0 ? [.. explained.Root.Layers.Select(layer => layer.Directory)]
            : explained.Root.HostPath is { } path ? [path] : [];
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var isIncomplete = directories.Count == 0;
        foreach (var found in directories.Select(container.Setuid.Below))
        {
            // A layer above may have replaced the file, or taken the bit away: what counts is what the container sees.
            names.UnionWith(found.Paths.Where(path => container.Files.Look(path) is { } status && SetuidFiles.IsSetuid(status)));
            isIncomplete |= found.IsIncomplete;
        }

        if (isIncomplete)
            report.CannotTell("layers", "not all files were looked at in the time given");
        if (names.Count > 0)
            report.Add($"{names.Count} set-user-id or set-group-id program{(names.Count == 1 ? "" : "s")} in its root: {string.Join(", ", names.Take(Shown))}{(names.Count > Shown ? " and more" : "")}.",
                new Evidence("mode of the files", $"{names.Count} with u+s or g+s"));
    }
}
