using Vitrine.Commands.Output;
using Vitrine.Engine.Docker;
using Vitrine.Images;

namespace Vitrine.Cli.Output;

/// <summary><c>vitrine images --tree</c>: each image by all its names, and below them its platform.</summary>
internal static class ImageTree
{
    private const string NoName = "<untagged>";

    /// <param name="images">What to draw.</param>
    /// <param name="find">Tells more of one, by its id.</param>
    public static string Draw(IEnumerable<ImageSummary> images, Func<string, Image> find)
    {
        var lines = new List<string> { "IMAGE\tID\tDISK USAGE\tEXTRA\t" };
        foreach (var summary in images)
        {
            var (id, size) = (HumanText.ShortId(summary.Id), HumanText.Size(summary.Size));
            var use = summary.Containers > 0 ? "U" : "";
            foreach (var name in summary.RepoTags is { Count: > 0 } tags ? tags : [NoName])
                lines.Add($"{name}\t{id}\t{size}\t{use}\t");
            lines.Add($"└─ {PlatformOf(find(summary.Id))}\t{id}\t{size}\t{use}\t");
        }

        return TableWriter.Align(string.Join('\n', lines)) + "\n";
    }

    private static string PlatformOf(Image image) => image.Config.Platform is { } platform ? platform.ToString() : "unknown";
}
