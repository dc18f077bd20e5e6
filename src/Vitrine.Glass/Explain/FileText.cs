using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>Open files by their numbers.</summary>
internal static class FileText
{
    private const int FilesShown = 40;

    public static void Write(Paper paper, OpenFileSection section)
    {
        paper.Table([new("FD", Right: true), "KIND", "ACCESS", "WHAT"],
        [
            .. section.Files.Take(FilesShown).Select(file => new Cell[]
            {
                $"{file.Number}",
                new(file.Kind, Ink.Accent),
                file.Access ?? "",
                new($"{file.Target}{(file.Deleted ? " (deleted)" : "")}{(file.Outside ? " (outside its mounts)" : "")}", file.Outside && file.Number > 2 ? Ink.Bad : Ink.Plain),
            }),
        ]);
        if (section.Files.Count > FilesShown)
            paper.Labelled(new Cell("files", Ink.Accent), 16, new Cell($"and {section.Files.Count - FilesShown} more (all with --json)"));
    }
}
