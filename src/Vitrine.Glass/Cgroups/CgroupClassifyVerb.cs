using System.Globalization;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Control;
using Vitrine.Linux;

namespace Vitrine.Glass.Cgroups;

/// <summary><c>vitrine cgroup classify</c></summary>
internal sealed class CgroupClassifyVerb : CgroupVerb
{
    private readonly ListFlag<CgroupPlaces> _places;

    public CgroupClassifyVerb()
    {
        _places = CgroupPlaces.Flag(Flags);
    }

    public override string Usage => "[-g CONTROLLERS:PATH]... [CGROUP] PID...";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override string Details =>
        "Moves running processes, with all their threads, into a cgroup. What they have allocated stays\n"
        + "counted where they were; children that they have already stay where they are.\n"
        + "With -g, as for cgclassify, the hierarchies are named one by one, and CGROUP is left out.\n\n" + NamesHelp;

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var layout = CgroupLayout.Read();
        ControlGroup[] groups = _places.Values.Count > 0
            ? [.. _places.Values.Select(place => place.In(Finder(context, layout), layout))]
            : [Finder(context, layout).Find(arguments[0])];
        var pids = _places.Values.Count > 0 ? arguments : [.. arguments.Skip(1)];
        if (pids.Count == 0)
            throw new VitrineException(ErrorKind.Invalid, "name the processes to move by their pids behind the cgroup");
        foreach (var group in groups)
            NoteOwner(context.Screen, group);
        return context.ForEachAsync(pids, text =>
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || pid <= 0)
                throw new VitrineException(ErrorKind.Invalid, $"'{text}' is no pid");
            foreach (var group in groups)
                CgroupJoin.Enter(group, pid);
            return Task.CompletedTask;
        });
    }
}
