using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Control;

/// <summary>Works out which writes make a setting, before any is done: a mistake in the last of several changes nothing.</summary>
public static class ControlPlanner
{
    /// <summary>Plans settings NAME=VALUE, each in the sight of those before it.</summary>
    /// <exception cref="VitrineException">Invalid: the value, or it is the root cgroup's. NotFound: the cgroup has no such setting.</exception>
    public static IReadOnlyList<ControlChange> Plan(ControlGroup group, IReadOnlyList<string> settings, ProcFs proc)
    {
        group.RefuseRoot("set");
        var files = new Pending(group);
        var plan = new List<ControlChange>();
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new VitrineException(ErrorKind.Invalid, $"'{setting}' is no setting: it is written NAME=VALUE, as memory.max=100M");
            var change = Plan(group, files, setting[..equals], setting[(equals + 1)..], proc);
            files.Add(change.Writes);
            plan.Add(change);
        }

        return plan;
    }

    private static ControlChange Plan(ControlGroup group, Pending files, string name, string asked, ProcFs proc)
    {
        if (name is "cgroup.procs" or "cgroup.threads")
            throw new VitrineException(ErrorKind.Invalid, $"{name} moves processes: that is 'vitrine cgroup classify {group.Name} PID'");
        var value = ControlValue.Normalize(name, asked, ControlReader.HostOf(files, proc), out var note);
        var change = new ControlChange { Name = name, Asked = asked, Value = value, Note = note, Writes = [new(name, value)], Before = Before(group, name) };
        if (files.Exists(name))
            return WithSwap(change, files);
        foreach (var counterpart in Counterparts.Of(name))
        {
            if (counterpart.Write(name, files, value) is { } writes && writes.All(write => files.Exists(write.File)))
                return WithSwap(change with { Writes = writes, Formula = counterpart.Formula }, files);
        }

        throw ControlReader.NotHere(group, name);
    }

    /// <summary>
    /// Where v1 limits memory and swap together, a change of memory alone, in v2's words, leaves swap as it was: the sum moves too.
    /// </summary>
    private static ControlChange WithSwap(ControlChange change, Pending files)
    {
        if (change.Name != "memory.max" || change.Writes is not [{ File: "memory.limit_in_bytes" } write])
            return change;
        if (ControlValue.ParseLimit(files.Read("memory.memsw.limit_in_bytes")) is not { } sum || ControlValue.ParseLimit(files.Read("memory.limit_in_bytes")) is not { } memory)
            return change;
        var moved = ControlValue.ParseLimit(write.Value) is { } limit ? limit + (sum - memory) : (long?)null;
        return change with
        {
            Writes = [write, new("memory.memsw.limit_in_bytes", ControlValue.Limit("memory.memsw.limit_in_bytes", moved))],
            Formula = $"{change.Formula}; memory.memsw.limit_in_bytes moves with it, so that swap stays {sum - memory}",
        };
    }

    private static string? Before(ControlGroup group, string name)
    {
        try
        {
            return ControlReader.Read(group, name).Value;
        }
        catch (Exception e) when (e is VitrineException or LinuxException)
        {
            return null; // Some can only be written.
        }
    }

    /// <summary>The files as they will be once what is planned so far is written.</summary>
    private sealed class Pending(ControlGroup group) : IControlFiles
    {
        private readonly Dictionary<string, string> _values = [];

        public void Add(IReadOnlyList<ControlWrite> writes)
        {
            foreach (var write in writes)
                _values[write.File] = write.File == "cpu.max" && !write.Value.Contains(' ', StringComparison.Ordinal)
                    ? $"{write.Value} {Read("cpu.max")?.Split(' ')[^1]}"
                    : write.Value;
        }

        public bool Exists(string file) => PathOf(file) is { } path && File.Exists(path);

        public string? PathOf(string file) => group.PathOf(file);

        public string? Read(string file) => _values.GetValueOrDefault(file) ?? group.Read(file);
    }
}
