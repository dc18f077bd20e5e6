using System.Globalization;
using Vitrine.Commands.Output;
using Vitrine.Insight.Host;
using Vitrine.Insight.Namespaces;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Namespaces;

/// <summary>Namespaces as people read them.</summary>
internal static class NamespaceListText
{
    private static readonly string[] s_headings = ["NS", "TYPE", "NPROCS", "PID", "USER", "CONTAINER", "COMMAND"];

    /// <summary>One line for each, in lsns's columns and with the container.</summary>
    /// <param name="screen">Where to; commands are cut to its width.</param>
    /// <param name="namespaces">Which.</param>
    /// <param name="headings">Whether there are headings.</param>
    /// <param name="whole">Whether nothing is cut.</param>
    public static void Write(Screen screen, IReadOnlyList<HostNamespace> namespaces, bool headings, bool whole)
    {
        var rows = namespaces.Select(Row).ToList();
        if (headings)
            rows.Insert(0, s_headings);
        var widths = new int[s_headings.Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < widths.Length; i++)
                widths[i] = Math.Max(widths[i], row[i].Length);
        }

        foreach (var row in rows)
        {
            var line = string.Join(' ', row.Select((cell, i) =>
                i is 0 or 2 or 3 ? cell.PadLeft(widths[i]) : i == widths.Length - 1 ? cell : cell.PadRight(widths[i]))).TrimEnd();
            var most = screen.OutputIsTerminal && !whole ? screen.Width : int.MaxValue;
            screen.Out.WriteLine(line.Length > most ? line[..most] : line);
        }
    }

    /// <summary>Whose a namespace is: the host's, a container's, or several's.</summary>
    public static string Owners(HostNamespace one)
    {
        var names = one.Containers.Select(Name).ToList();
        if (one.IsHosts || (names.Count == 0 && one.Pids.Count > 0))
            return one.IsHosts ? "host" : "-";
        if (names.Count == 0)
            return "-";
        return names.Count == 1 ? names[0] : $"{names[0]} +{names.Count - 1}";
    }

    /// <summary>For example <c>docker:web</c>.</summary>
    public static string Name(HostContainer container) => container.Engine == HostContainer.NoEngine
        ? $"none:{container.Pid}"
        : $"{container.Engine}:{container.Name ?? container.ShortId}";

    private static string[] Row(HostNamespace one) =>
    [
        one.Inode.ToString(CultureInfo.InvariantCulture), NamespaceId.FileName(one.Kind), one.Pids.Count.ToString(CultureInfo.InvariantCulture),
        one.Pids.Count == 0 ? "-" : one.Pids[0].ToString(CultureInfo.InvariantCulture),
        VisibleText.Of(one.User ?? one.Uid?.ToString(CultureInfo.InvariantCulture) ?? "-"), VisibleText.Of(Owners(one)),
        VisibleText.Of(one.Command ?? $"(kept by {one.File})"),
    ];
}
