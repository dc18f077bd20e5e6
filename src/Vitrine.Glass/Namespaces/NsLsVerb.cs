using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Host;
using Vitrine.Insight.Namespaces;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Namespaces;

/// <summary><c>vitrine ns ls</c>: the namespaces of this host, as lsns(8) lists them, and whose they are.</summary>
internal sealed class NsLsVerb : GlassVerb
{
    private readonly ListFlag<NamespaceKind> _types;
    private readonly ValueFlag<string> _task;
    private readonly BoolFlag _json;
    private readonly BoolFlag _whole;
    private readonly BoolFlag _noHeadings;

    public NsLsVerb()
    {
        _types = Flags.Add(new ListFlag<NamespaceKind>("type", 't', "type", "Only of this type: mnt, net, ipc, uts, pid, user, cgroup, time", Kind));
        _task = Flags.Text("task", 'p', "Only those of this process or container");
        _json = Flags.Bool("json", 'J', "Print JSON (described in docs/namespaces.md)");
        _whole = Flags.Bool("no-trunc", 'u', "Do not cut lines at the terminal's width");
        _noHeadings = Flags.Bool("noheadings", 'n', "Leave out the headings");
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override string Details =>
        "Lists the namespaces that processes are in or files keep: number, type, how many processes, the\n"
        + "first of them, and the containers, of any engine, that they belong to.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var host = GlassTarget.Containers(context);
        var catalog = NamespaceCatalog.Read(host, ProcFs.Host, new AccountNames());
        var found = _task.Value is { } task ? catalog.Of(host.Resolve(task).Pid) : catalog.All;
        if (_types.ValuesOrNull is { } types)
            found = [.. found.Where(one => types.Contains(one.Kind))];
        if (_json.Value)
            context.Print(NamespaceJson.List(found));
        else
            NamespaceListText.Write(context.Screen, found, !_noHeadings.Value, _whole.Value);
        foreach (var missing in catalog.Missing)
            context.Screen.WriteError(missing);
        return Task.FromResult(0);
    }

    private static NamespaceKind Kind(string text)
    {
        foreach (var kind in NamespaceId.Kinds)
        {
            if (NamespaceId.FileName(kind) == text)
                return kind;
        }

        throw new FlagValueException("there are mnt, net, ipc, uts, pid, user, cgroup and time");
    }
}
