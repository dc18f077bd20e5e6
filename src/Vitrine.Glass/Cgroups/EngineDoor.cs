using System.Globalization;
using System.Text;
using Vitrine.Commands;
using Vitrine.Insight.Control;
using Vitrine.Insight.Stores;
using Vitrine.Linux;

namespace Vitrine.Glass.Cgroups;

/// <summary>
/// The engine's own way to change a container of Vitrine's: <c>vitrine update</c>, <c>pause</c> and <c>unpause</c> write the
/// same files and the container's record, so that inspect and the next start agree with the kernel.
/// </summary>
internal sealed class EngineDoor
{
    private readonly IReadOnlyList<string> _program;
    private readonly string _id;

    private EngineDoor(IReadOnlyList<string> program, string id)
    {
        _program = program;
        _id = id;
    }

    /// <summary>The door to a cgroup's container; null where it is none of this store's, or only a part of one.</summary>
    public static EngineDoor? Of(CommandContext context, ControlGroup group)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "vitrine");
        if (group.Owner is not { Name: "vitrine", Id: { } id } || !group.Path.EndsWith(id, StringComparison.Ordinal) || !File.Exists(program))
            return null;
        return new VitrineStore(context.Globals.DataRoot).Find(id) is null
            ? null
            : new EngineDoor([program, "--data-root", context.Globals.DataRoot, "--exec-root", context.Globals.ExecRoot], id);
    }

    /// <summary>Has the engine make the settings that it keeps a record of.</summary>
    /// <returns>Those that it does not, still to be written.</returns>
    /// <exception cref="VitrineException">Conflict: what the engine said.</exception>
    public IReadOnlyList<ControlWrite> Change(ControlGroup group, IReadOnlyList<ControlWrite> writes)
    {
        var flags = new UpdateFlags(group);
        var others = new List<ControlWrite>();
        bool? freeze = null;
        foreach (var write in writes)
        {
            if (write.File is "freezer.state" or "cgroup.freeze")
                freeze = write.Value is "FROZEN" or "1";
            else if (!flags.Take(write))
                others.Add(write);
        }

        if (flags.HasQuota && long.TryParse(Run("inspect", "--format", "{{.HostConfig.NanoCpus}}"), NumberStyles.None, CultureInfo.InvariantCulture, out var nano) && nano > 0)
            others.AddRange(flags.QuotaAsCpus());
        if (flags.Flags.Count > 0)
            Run(["update", .. flags.Flags]);
        if (freeze is { } frozen && frozen != ControlNode.IsFrozen(group))
            Run(frozen ? "pause" : "unpause");
        return others;
    }

    private string Run(params ReadOnlySpan<string> arguments)
    {
        var run = Spawn.Run([.. _program, .. arguments, _id]);
        if (run.ExitCode == 0)
            return Encoding.UTF8.GetString(run.Output).Trim();
        var said = Encoding.UTF8.GetString(run.Errors).Trim();
        throw new VitrineException(ErrorKind.Conflict, said.StartsWith("vitrine: ", StringComparison.Ordinal) ? said[9..] : said);
    }
}
