using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Control;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Cgroups;

/// <summary><c>vitrine cgroup rm</c></summary>
internal sealed class CgroupRmVerb : CgroupVerb
{
    private const int NamedProcesses = 4;

    private readonly BoolFlag _force;
    private readonly BoolFlag _recursive;
    private readonly ListFlag<CgroupPlaces> _places;

    public CgroupRmVerb()
    {
        _force = Flags.Bool("force", 'f', "Move the processes in it to the cgroup above it");
        _recursive = Flags.Bool("recursive", 'r', "Remove the cgroups below it too");
        _places = CgroupPlaces.Flag(Flags);
    }

    public override string Usage => "[OPTIONS] [PATH...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override string Details => "Removes cgroups that nothing is in. A container's is left to its engine, the root to the kernel.";

    public override Operand Completes => Operand.None;

    public override async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var layout = CgroupLayout.Read();
        if (arguments.Count + _places.Values.Count == 0)
            throw new VitrineException(ErrorKind.Invalid, "name a cgroup to remove: a path, or -g CONTROLLERS:PATH");
        var code = await context.ForEachAsync(arguments, path => Remove(context, Finder(context, layout).Find(path)));
        foreach (var place in _places.Values)
            code |= await context.ForEachAsync([place.Path], _ => Remove(context, place.In(Finder(context, layout), layout)));
        return code;
    }

    private Task Remove(CommandContext context, ControlGroup group)
    {
        group.RefuseRoot("removed");
        if (group.Owner is { Id: { } id, Name: { } engine })
            throw new VitrineException(ErrorKind.Conflict, $"{group.Path} is container {id[..Math.Min(12, id.Length)]}'s of {engine}: stop the container, and its engine removes it");
        NoteOwner(context.Screen, group);
        ControlGroup[] all = [.. Tree(group)];
        if (all.Length > 1 && !_recursive.Value)
            throw new VitrineException(ErrorKind.Conflict, $"{group.Path} has {all.Length - 1} cgroup{(all.Length == 2 ? "" : "s")} below it: -r removes them too");
        // What forks meanwhile is moved in the next round.
        foreach (var member in all)
        {
            for (var pids = member.Processes(); pids.Count > 0; pids = member.Processes())
                Empty(group, member, pids);
        }

        group.ToCgroup().Delete();
        context.Print(group.Path);
        return Task.CompletedTask;
    }

    private void Empty(ControlGroup removed, ControlGroup member, IReadOnlyList<int> pids)
    {
        if (!_force.Value)
        {
            var named = string.Join(", ", pids.Take(NamedProcesses).Select(pid => $"{pid} {ProcFs.Host.Stat(pid)?.Command}"));
            throw new VitrineException(ErrorKind.Conflict,
                $"{member.Path} has {pids.Count} process{(pids.Count == 1 ? "" : "es")} in it ({VisibleText.Of(named)}{(pids.Count > NamedProcesses ? ", ..." : "")}): --force moves them to the cgroup above {removed.Path}");
        }

        var parent = removed.Parent();
        foreach (var pid in pids)
        {
            try
            {
                CgroupJoin.Enter(parent, pid);
            }
            catch (VitrineException e) when (e.Kind is ErrorKind.NotFound)
            {
                // It has ended meanwhile.
            }
        }
    }

    /// <summary>A cgroup and all below it, the deepest first.</summary>
    private static IEnumerable<ControlGroup> Tree(ControlGroup group) => [.. ControlNode.Below(group).SelectMany(Tree), group];
}
