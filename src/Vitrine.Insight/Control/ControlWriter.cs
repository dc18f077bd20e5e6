using Vitrine.Linux;

namespace Vitrine.Insight.Control;

/// <summary>Makes planned settings, and reads back what the kernel made of them.</summary>
public static class ControlWriter
{
    /// <summary>
    /// Writes what is planned. The kernel refuses a value that does not fit the others of the moment (memory above memory and
    /// swap, a quota below its parent's), so a refused write has another turn once the rest is done.
    /// </summary>
    /// <exception cref="VitrineException">Conflict: the kernel refused, in words; what was written before it stays.</exception>
    public static void Write(ControlGroup group, IEnumerable<ControlWrite> writes)
    {
        var waiting = writes.ToList();
        while (waiting.Count > 0)
        {
            var refused = new List<ControlWrite>();
            LinuxException? first = null;
            foreach (var write in waiting)
            {
                try
                {
                    group.Write(write.File, write.Value);
                }
                catch (LinuxException e)
                {
                    first ??= e;
                    refused.Add(write);
                }
            }

            if (refused.Count == waiting.Count)
                throw Refusal(group, refused[0], first!);
            waiting = refused;
        }
    }

    /// <summary>The changes with what the kernel made of them.</summary>
    public static IReadOnlyList<ControlChange> ReadBack(ControlGroup group, IReadOnlyList<ControlChange> plan) =>
        [.. plan.Select(change => ReadBack(group, change))];

    private static ControlChange ReadBack(ControlGroup group, ControlChange change)
    {
        string? after;
        try
        {
            after = ControlReader.Read(group, change.Name).Value;
        }
        catch (Exception e) when (e is VitrineException or LinuxException)
        {
            return change; // Some can only be written.
        }

        return change with { After = after, Differs = !IsSame(change.Name, change.Value, after) };
    }

    /// <summary>Whether a file says what was written to it, in its own form.</summary>
    internal static bool IsSame(string name, string written, string read)
    {
        if (written == read)
            return true;
        return ControlKinds.Of(name) switch
        {
            ControlKind.Bytes => ControlValue.ParseLimit(written) == ControlValue.ParseLimit(read),
            ControlKind.Bandwidth => read.StartsWith(written + " ", StringComparison.Ordinal),
            ControlKind.DeviceBytes => read.Split('\n').Contains(written) || written.EndsWith(" 0", StringComparison.Ordinal),
            ControlKind.Freezer => read == "FREEZING" && written == "FROZEN",
            _ => read == $"default {written}" || read.Split('\n').Contains(written) || name == "io.max" || name.StartsWith("devices.", StringComparison.Ordinal),
        };
    }

    private static VitrineException Refusal(ControlGroup group, ControlWrite write, LinuxException refusal) =>
        new(ErrorKind.Conflict, $"{refusal.Message}{ControlRefusals.Explain(group, write, refusal.Errno)}", refusal);
}
