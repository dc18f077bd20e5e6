using System.Text;
using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>state and list.</summary>
internal static class QueryVerbs
{
    private const int ColumnGap = 3;
    private const int NarrowestColumn = 12;
    private static readonly string[] s_titles = ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"];

    public static Verb State { get; } = new("state", "output the state of a container", "<container-id>", [], 1, 1,
        static (context, line) =>
        {
            var container = context.Store.Find(line.Arguments[0]);
            var json = new JsonText(indented: true);
            StateText.Write(json, container.Record, container.Status, owner: "");
            OciContext.Print(json.ToString());
            return 0;
        });

    public static Verb List { get; } = new("list", "lists containers started by vitrine-oci with the given root", "",
    [
        new("format", FlagKind.Text, "select one of: table or json", Short: "f", Default: "\"table\""),
        new("quiet", FlagKind.Switch, "display only container IDs", Short: "q"),
    ], 0, 0, RunList);

    private static int RunList(OciContext context, ParsedLine line)
    {
        if (line.IsSet("quiet"))
        {
            foreach (var container in context.Store.List())
                OciContext.Print(container.Record.Id + "\n");
            return 0;
        }

        OciContext.Print((line.Text("format") ?? "table") switch
        {
            "table" => Table(context.Store.List()),
            "json" => Json(context.Store.List()),
            var other => throw new VitrineException(ErrorKind.Invalid, $"invalid format option: {other}"),
        });
        return 0;
    }

    private static string Json(IEnumerable<Container> containers)
    {
        var json = new JsonText().Array();
        var any = false;
        foreach (var container in containers)
        {
            StateText.Write(json, container.Record, container.Status, Owner(container));
            any = true;
        }

        // As Go writes a list that nothing was added to.
        return any ? json.EndArray() + "\n" : "null\n";
    }

    private static string Table(IEnumerable<Container> containers)
    {
        var rows = new List<string[]> { s_titles };
        foreach (var container in containers)
        {
            var status = container.Status;
            var pid = status == ContainerStatus.Stopped ? 0 : container.Record.Pid;
            rows.Add([container.Record.Id, $"{pid}", status.ToText(), container.Record.Bundle, container.Record.Created, Owner(container)]);
        }

        var widths = new int[s_titles.Length - 1];
        foreach (var row in rows)
            for (var column = 0; column < widths.Length; column++)
                widths[column] = Math.Max(Math.Max(widths[column], NarrowestColumn), row[column].Length + ColumnGap);
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var column = 0; column < widths.Length; column++)
                text.Append(row[column].PadRight(widths[column]));
            text.Append(row[^1]).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The user whose state it is; runc names users it cannot look up so too.</summary>
    private static string Owner(Container container)
    {
        var uid = container.Location.OwnerUid;
        return uid == 0 ? "root" : $"#{uid}";
    }
}
