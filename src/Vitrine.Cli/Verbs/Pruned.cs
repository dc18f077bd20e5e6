using Vitrine.Commands.Output;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs;

/// <summary>What the prune verbs print.</summary>
internal static class Pruned
{
    /// <summary>A title and what went, where anything did.</summary>
    public static void Print(CliContext cli, string title, IReadOnlyList<string>? removed)
    {
        if (removed is not { Count: > 0 })
            return;
        cli.Print(title);
        foreach (var one in removed)
            cli.Print(one);
        cli.Print("");
    }

    public static void PrintImages(CliContext cli, ImagePruneReport report) =>
        Print(cli, "Deleted Images:", report.ImagesDeleted?.Select(item => item.Untagged is { } name ? $"untagged: {name}" : $"deleted: {item.Deleted}").ToList());

    public static void PrintSpace(CliContext cli, long bytes) => cli.Print($"Total reclaimed space: {HumanText.Size(bytes, 4)}");
}
