using System.Globalization;
using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Namespaces;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Namespaces;

/// <summary>Namespaces one below the other, each with all that is known of it.</summary>
internal static class NamespaceViewText
{
    private const int LabelWidth = 10;
    private const int PidsShown = 8;

    public static void Write(Paper paper, int? process, IReadOnlyList<NamespaceView> views)
    {
        if (process is { } pid)
            paper.Line($"Namespaces of process {pid}", Ink.Strong);
        foreach (var view in views)
            Write(paper, view, process);
    }

    private static void Write(Paper paper, NamespaceView view, int? process)
    {
        var one = view.Namespace;
        paper.Heading(new NamespaceId(one.Kind, one.Inode).ToString());
        paper.Labelled("isolates", LabelWidth, NamespaceMeanings.Of(one.Kind));
        paper.Labelled(new Cell(Scope(view.Scope), view.Scope == NamespaceScope.Isolated ? Ink.Good : Ink.Caution), LabelWidth, Sharers(one, process));
        if (one.File is { } file)
            paper.Labelled("kept by", LabelWidth, file);
        if (view.Relations.Owner is { } owner)
            paper.Labelled("owned by", LabelWidth, $"user:[{owner}]: capabilities there count for it");
        if (view.Relations.Parent is { } parent)
            paper.Labelled("below", LabelWidth, $"{NamespaceId.FileName(one.Kind)}:[{parent}]");
        if (view.Relations.OwnerUid is { } uid)
            paper.Labelled("made by", LabelWidth, $"user {uid}");
        Maps(paper, "users", view.Users);
        Maps(paper, "groups", view.Groups);
    }

    private static string Scope(NamespaceScope scope) => scope switch
    {
        NamespaceScope.Host => "host's",
        NamespaceScope.Shared => "shared",
        _ => "its own",
    };

    private static string Sharers(HostNamespace one, int? process)
    {
        if (one.Pids.Count == 0)
            return "no process is in it";
        var pids = string.Join(", ", one.Pids.Take(PidsShown).Select(pid => pid == process ? $"{pid} (this one)" : pid.ToString(CultureInfo.InvariantCulture)));
        var more = one.Pids.Count > PidsShown ? $" and {one.Pids.Count - PidsShown} more" : "";
        var whose = one.Containers.Count == 0 ? "" : $"; containers {string.Join(", ", one.Containers.Select(NamespaceListText.Name))}";
        var host = one.HoldsHostProcesses && !one.IsHosts && one.Containers.Count > 0 ? " and the host" : "";
        return $"{one.Pids.Count} process{(one.Pids.Count == 1 ? "" : "es")}: {pids}{more}{whose}{host}";
    }

    private static void Maps(Paper paper, string what, IReadOnlyList<IdRange> ranges)
    {
        if (ranges.Count == 0)
            return;
        var texts = ranges.Select(range => range.IsIdentityOfAll
            ? new Cell("all as outside")
            : new Cell(range.Count == 1 ? $"{range.Inside} is {range.Outside} outside"
                : $"{range.Inside}-{(ulong)range.Inside + range.Count - 1} are {range.Outside}-{(ulong)range.Outside + range.Count - 1} outside")).ToArray();
        paper.Labelled(what, LabelWidth, texts);
    }
}
