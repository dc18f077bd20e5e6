using Vitrine.Insight.Host;
using Vitrine.Insight.View;

namespace Vitrine.Glass.Ps;

/// <summary>Draws the lines of a forest: each process under the nearest of its forebears that is shown.</summary>
internal static class HostForest
{
    private const string Joined = "joined: ";

    /// <summary>What stands before the command of each process.</summary>
    /// <param name="all">The whole forest, parents before children.</param>
    /// <param name="shown">Those of it that are shown, in the same order.</param>
    /// <param name="unicode">Whether lines may be drawn outside ASCII.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<HostViewProcess> all, IReadOnlyList<HostViewProcess> shown, bool unicode)
    {
        var under = all.ToDictionary(process => process.Pid, process => process.Under);
        var kept = shown.Select(process => process.Pid).ToHashSet();
        var parents = shown.Select(process => Nearest(process.Under, under, kept)).ToList();
        var last = new Dictionary<int, int>();
        for (var i = 0; i < shown.Count; i++)
            last[parents[i] ?? 0] = shown[i].Pid;
        var (branch, corner, bar) = unicode ? ("├─ ", "└─ ", "│  ") : ("|- ", "`- ", "|  ");
        var below = new Dictionary<int, string>();
        var lines = new List<string>(shown.Count);
        for (var i = 0; i < shown.Count; i++)
        {
            var line = "";
            if (parents[i] is { } parent)
            {
                var isLast = last[parent] == shown[i].Pid;
                line = below[parent] + (isLast ? corner : branch);
                below[shown[i].Pid] = below[parent] + (isLast ? "   " : bar);
            }
            else
            {
                below[shown[i].Pid] = "";
            }

            lines.Add(shown[i].Role == MemberRole.Joined ? line + Joined : line);
        }

        return lines;
    }

    private static int? Nearest(int? pid, Dictionary<int, int?> under, HashSet<int> kept)
    {
        while (pid is { } forebear && !kept.Contains(forebear))
            pid = under[forebear];
        return pid;
    }
}
