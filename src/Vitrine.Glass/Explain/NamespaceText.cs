using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>Namespaces and user maps as tables.</summary>
internal static class NamespaceText
{
    private const int PeersShown = 4;

    public static void Write(Paper paper, NamespaceSection section)
    {
        var rows = section.Namespaces.Select(fact => new Cell[]
        {
            new(fact.Kind, Ink.Accent),
            fact.Inode is { } inode ? $"{inode}" : "-",
            Scope(fact.Scope),
            fact.Error is null ? fact.Meaning + Peers(fact) : $"unreadable: {fact.Error}",
        }).ToList();
        paper.Table(["KIND", new("INODE", Right: true), "SCOPE", "MEANING"], rows);
    }

    public static void Write(Paper paper, UserMappingSection section)
    {
        if (!section.IsMapped)
            return;
        var rows = section.Users.Select(range => Row(paper, "users", range))
            .Concat(section.Groups.Select(range => Row(paper, "groups", range))).ToList();
        paper.Table(["", new("INSIDE", Right: true), "", "ON THE HOST", "HOW MANY"], rows);
    }

    private static Cell[] Row(Paper paper, string what, IdMapRow range) =>
    [
        new(what, Ink.Accent),
        Range(range.Inside, range.Count),
        paper.Glyph("→", "->"),
        Range(range.Outside, range.Count),
        $"{range.Count}",
    ];

    private static string Range(uint first, uint count) => count == 1 ? $"{first}" : $"{first} to {(ulong)first + count - 1}";

    private static Cell Scope(NamespaceScope scope) => scope switch
    {
        NamespaceScope.Isolated => new("isolated", Ink.Good),
        NamespaceScope.Shared => new("shared", Ink.Caution),
        NamespaceScope.Host => new("host", Ink.Caution),
        _ => new("unknown", Ink.Faint),
    };

    private static string Peers(NamespaceFact fact)
    {
        if (fact.SharedWith.Count == 0)
            return "";
        var names = fact.SharedWith.Take(PeersShown)
            .Select(peer => $"{peer.Command} (pid {peer.Pid}{(peer.ContainerId is { } id ? $", container {id[..Math.Min(12, id.Length)]}" : "")})");
        var more = fact.SharedWith.Count > PeersShown ? $" and {fact.SharedWith.Count - PeersShown} more" : "";
        return $" In it too: {string.Join(", ", names)}{more}.";
    }
}
