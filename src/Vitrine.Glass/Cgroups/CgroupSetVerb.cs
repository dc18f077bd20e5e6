using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Control;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Cgroups;

/// <summary><c>vitrine cgroup set</c></summary>
internal sealed class CgroupSetVerb : CgroupVerb
{
    private readonly BoolFlag _json;
    private readonly BoolFlag _dryRun;
    private readonly BoolFlag _direct;

    public CgroupSetVerb()
    {
        _direct = Flags.Bool("direct", "Write the files of a container of Vitrine's without changing its record: gone at its next start");
        _dryRun = Flags.Bool("dry-run", 'n', "Show what would be written");
        _json = JsonFlag("cgroups");
    }

    public override string Usage => "[OPTIONS] CGROUP NAME=VALUE...";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(2);

    public override string Details =>
        "Sets by the names of cgroup v1 or v2, whichever this host has, and reads back what the kernel made\n"
        + "of it. Sizes take units of 1024 (100M, 1.5G) or a percentage of the host's memory (50%); cpu.max and\n"
        + "cpu.cfs_quota_us take a percentage of one processor; max is no limit. The root cgroup is refused.\n"
        + "Limits of a container of Vitrine's are changed as by vitrine update: its record agrees.\n\n" + NamesHelp;

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var group = Find(context, arguments[0]).BelowRoots();
        var plan = ControlPlanner.Plan(group, [.. arguments.Skip(1)], ProcFs.Host);
        if (!_dryRun.Value)
            plan = Carry(context, group, plan);
        if (_json.Value)
            context.Print(ControlJson.Changes(group, plan));
        else
            foreach (var change in plan)
                SettingText.Write(context, group, change, done: !_dryRun.Value);
        return Task.FromResult(0);
    }

    private IReadOnlyList<ControlChange> Carry(CommandContext context, ControlGroup group, IReadOnlyList<ControlChange> plan)
    {
        IReadOnlyList<ControlWrite> writes = [.. plan.SelectMany(change => change.Writes)];
        if (!_direct.Value && EngineDoor.Of(context, group) is { } door)
        {
            writes = door.Change(group, writes);
            foreach (var write in writes)
                Note(context.Screen, $"{write.File} is no part of the container's record: its next start has it as before");
        }
        else
        {
            NoteOwner(context.Screen, group);
        }

        ControlWriter.Write(group, writes);
        return ControlWriter.ReadBack(group, plan);
    }
}
