using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Insight.Control;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Cgroups;

/// <summary>What the verbs of <c>vitrine cgroup</c> have in common: how a cgroup is named.</summary>
internal abstract class CgroupVerb : GlassVerb
{
    protected const string NamesHelp =
        "A CGROUP is a container's name or id, of any engine; a pid, for the cgroup it is in; or a path, as\n"
        + "/proc/PID/cgroup has it (/demo/box) or as the file system has it (/sys/fs/cgroup/memory/demo/box).";

    public override Operand Completes => Operand.RunningContainer;

    /// <summary>The cgroup of a name.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    protected static ControlGroup Find(CommandContext context, string text) => Finder(context, CgroupLayout.Read()).Find(text);

    protected static ControlGroupFinder Finder(CommandContext context, CgroupLayout layout) =>
        new(layout, ProcFs.Host, name => GlassTarget.Find(context, name));

    /// <summary>Says whose a cgroup is, where its owner will not know of the change.</summary>
    protected static void NoteOwner(Screen screen, ControlGroup group)
    {
        if (group.Owner is { Name: { } name, Advice: { } advice })
            Note(screen, $"{group.Path} is {name}'s: {advice}");
    }

    /// <summary>A remark, kept apart from results.</summary>
    protected static void Note(Screen screen, string text)
    {
        screen.Out.Flush();
        screen.Error.WriteLine($"{ProgramName.Text}: note: {VisibleText.OfLines(text)}");
    }
}
