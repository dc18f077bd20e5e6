using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Explain;
using Vitrine.Insight.Files;
using Vitrine.Insight.Json;

namespace Vitrine.Glass.Fs;

/// <summary><c>vitrine fs diff</c></summary>
internal sealed class FsDiffVerb() : ShowVerb("forensics")
{
    public override Operand Completes => Operand.Container;

    public override string Details =>
        "What was added, changed and deleted since the container was made, who owns it and when it was changed last:\n"
        + "from the overlay's writable layer, and from filesystems in memory; of others what can be known, and what not.\n"
        + "The time is the one that only the kernel sets (ctime, UTC). For containers of any engine.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var (container, _) = FsPlace.Split(arguments[0]);
        using var root = FsPlace.Open(context, container);
        var changes = FileChanges.Of(root);
        Show(context, () => Json(root, changes), paper => Write(paper, root, changes));
        return Task.FromResult(0);
    }

    private static void Write(Paper paper, ContainerRoot root, FileChanges changes)
    {
        paper.Table(["", "MODE", new("USER", Right: true), new("SIZE", Right: true), "CHANGED", "PATH", "IN"],
        [
            .. changes.Changes.Select(change => new Cell[]
            {
                new(Letter(change.Kind), change.Kind switch { ChangeKind.Added => Ink.Good, ChangeKind.Deleted => Ink.Bad, _ => Ink.Caution }),
                FileText.Mode(change.Item.Status),
                $"{FileText.User(root, change.Item.Status)}",
                $"{change.Item.Status.Size}",
                change.When is { } when ? FileText.Time(when) : "not known",
                new(FileText.Named(change.Item, change.Item.Path), Ink.Accent),
                new(change.Where, Ink.Faint),
            }),
        ]);
        if (changes.Changes.Count == 0)
            paper.Line("Nothing is known to have changed.");
        foreach (var line in changes.Unknown)
            paper.Labelled(new Cell("not known", Ink.Caution), 12, new Cell(line));
    }

    private static string Letter(ChangeKind kind) => kind switch { ChangeKind.Added => "A", ChangeKind.Deleted => "D", _ => "C" };

    private static string Json(ContainerRoot root, FileChanges changes) => JsonText.Object(json =>
    {
        json.Number("schemaVersion", 1);
        json.Number("pid", root.Pid);
        json.Text("fileSystem", root.FileSystem);
        json.Text("writableLayer", root.Upper);
        json.Objects("changes", changes.Changes, (fields, change) =>
        {
            fields.Choice("kind", change.Kind);
            fields.Text("where", change.Where);
            fields.Text("when", change.When is { } when ? FileText.Exact(when) : null);
            FileText.Write(fields, root, change.Item);
        });
        json.Texts("unknown", changes.Unknown);
    });
}
