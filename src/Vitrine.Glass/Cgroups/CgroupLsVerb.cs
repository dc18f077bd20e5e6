using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Control;
using Vitrine.Linux;

namespace Vitrine.Glass.Cgroups;

/// <summary><c>vitrine cgroup ls</c></summary>
internal sealed class CgroupLsVerb : CgroupVerb
{
    private const int AllLevels = int.MaxValue;

    private readonly BoolFlag _json;
    private readonly BoolFlag _processes;
    private readonly BoolFlag _noTruncation;
    private readonly ValueFlag<long?> _depth;
    private readonly ListFlag<string> _controllers;

    public CgroupLsVerb()
    {
        _controllers = Flags.List("controller", 'c', "Only the hierarchies of these controllers");
        _depth = Flags.Integer("depth", "How many levels below it");
        _json = Flags.Bool("json", "Print JSON: a list, parents first (described in docs/cgroups.md)");
        _noTruncation = Flags.Bool("no-trunc", "Show ids of containers whole");
        _processes = Flags.Bool("processes", 'p', "List the processes too");
    }

    public override string Usage => "[OPTIONS] [CGROUP]";

    public override ArgumentCount Arguments => ArgumentCount.AtMost(1);

    public override string Details =>
        "Shows the tree of cgroups with what is in them, what they use and what they may. Hierarchies of v1\n"
        + "are laid over each other, and limits are shown in the words of v2.\n\n" + NamesHelp;

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var layout = CgroupLayout.Read();
        var group = arguments.Count > 0 ? Finder(context, layout).Find(arguments[0]) : Finder(context, layout).Name("/", _ => true);
        if (_controllers.ValuesOrNull is { } wanted)
            group = group.Only(hierarchy => hierarchy.Keys.Any(key => wanted.Contains(key)));
        if (group.Layout.Hierarchies.Count == 0)
            throw new VitrineException(ErrorKind.NotFound, $"no hierarchy of {string.Join(", ", _controllers.Values)} has it");
        var names = new Lazy<Dictionary<string, string>>(() => Names(context));
        var tree = ControlNode.Read(group, (int)Math.Min(_depth.Value ?? AllLevels, AllLevels), id => names.Value.GetValueOrDefault(id));
        if (_json.Value)
            context.Print(ControlJson.Tree(tree));
        else
            TreeText.Write(PaperOn(context), tree, _processes.Value, !_noTruncation.Value);
        return Task.FromResult(0);
    }

    private static Dictionary<string, string> Names(CommandContext context)
    {
        var names = new Dictionary<string, string>();
        foreach (var container in GlassTarget.Containers(context).All)
        {
            if (container is { Id: { } id, Name: { } name })
                names[id] = name;
        }

        return names;
    }
}
