using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Control;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Cgroups;

/// <summary><c>vitrine cgroup create</c></summary>
internal sealed class CgroupCreateVerb : CgroupVerb
{
    private readonly ListFlag<CgroupPlaces> _places;

    public CgroupCreateVerb()
    {
        _places = CgroupPlaces.Flag(Flags);
    }

    public override string Usage => "[OPTIONS] [PATH...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(0);

    public override string Details =>
        "Makes cgroups, with the parents that are missing: in the hierarchy of every controller, or with -g,\n"
        + "as cgcreate does, only of some. In the v2 tree, whose controllers are passed down from parent to\n"
        + "child, those named are enabled in every cgroup above.";

    public override Operand Completes => Operand.None;

    public override async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var layout = CgroupLayout.Read();
        CgroupPlaces[] all = [.. _places.Values, .. arguments.Select(path => new CgroupPlaces(path, null))];
        if (all.Length == 0)
            throw new VitrineException(ErrorKind.Invalid, "name a cgroup to make: a path, or -g CONTROLLERS:PATH");
        var code = 0;
        foreach (var place in all)
            code |= await context.ForEachAsync([place.Path], _ => Create(context, place, layout));
        return code;
    }

    private static Task Create(CommandContext context, CgroupPlaces place, CgroupLayout layout)
    {
        var group = place.In(Finder(context, layout), layout);
        group.RefuseRoot("made");
        NoteOwner(context.Screen, group);
        var cgroup = group.ToCgroup();
        foreach (var hierarchy in group.Layout.Hierarchies)
            RequireInSight(hierarchy);
        foreach (var hierarchy in group.Layout.Hierarchies)
        {
            cgroup.Create(hierarchy, place.Controllers);
            if (hierarchy.Version == 2)
                NoteMissing(context, group, hierarchy, place.Controllers ?? hierarchy.Controllers);
        }

        context.Print(group.Path);
        return Task.CompletedTask;
    }

    /// <summary>The mount table has a hierarchy also where something is mounted over it; a directory made there would be no cgroup.</summary>
    private static void RequireInSight(CgroupHierarchy hierarchy)
    {
        if (!File.Exists($"{hierarchy.MountPoint}/cgroup.procs"))
        {
            throw new VitrineException(ErrorKind.Unavailable,
                $"the cgroups at {hierarchy.MountPoint} are hidden: something else is mounted over them (findmnt shows what). Look from a mount namespace where they are not");
        }
    }

    /// <summary>The v2 tree has cgroups without the controllers that were asked for, where one above cannot pass them on.</summary>
    private static void NoteMissing(CommandContext context, ControlGroup group, CgroupHierarchy hierarchy, IReadOnlyList<string> wanted)
    {
        var there = (KernelFile.Read($"{group.DirectoryIn(hierarchy)}/cgroup.controllers") ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var missing = wanted.Except(there).ToList();
        if (missing.Count > 0)
        {
            Note(context.Screen, $"{group.Path} is without {string.Join(", ", missing)}: a cgroup above it has processes in it, "
                + "and may then not pass controllers on (the rule of v2), or lacks them itself");
        }
    }
}
