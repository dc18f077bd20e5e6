using System.Globalization;
using System.Text;
using Vitrine.Linux;
using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>ps: the container's processes, as numbers or as the host's ps(1) shows them.</summary>
internal static class PsVerb
{
    public static Verb Ps { get; } = new("ps", "ps displays the processes running inside a container", "<container-id> [ps options]",
        [new("format", FlagKind.Text, "select one of: table or json", Short: "f", Default: "\"table\"")], 1, int.MaxValue, Run);

    private static int Run(OciContext context, ParsedLine line)
    {
        var container = context.Store.Find(line.Arguments[0]);
        if (!container.Status.HasProcess())
            throw Container.NotRunning();
        var processes = new List<int>(container.Cgroup?.Cgroup.Processes() ?? [container.Record.Pid]);
        processes.Sort();
        OciContext.Print((line.Text("format") ?? "table") switch
        {
            "table" => Table(processes, [.. line.Arguments.Skip(1)]),
            "json" => Json(processes),
            var other => throw new VitrineException(ErrorKind.Invalid, $"invalid format option: {other}"),
        });
        return 0;
    }

    private static string Json(List<int> processes)
    {
        var json = new JsonText().Array();
        foreach (var pid in processes)
            json.Number(null, (long)pid);
        return json.EndArray() + "\n";
    }

    private static string Table(List<int> processes, string[] options)
    {
        var run = Spawn.Run(["ps", .. options.Length == 0 ? ["-ef"] : options]);
        if (run.ExitCode != 0)
            throw new VitrineException(ErrorKind.Internal, $"ps: {Encoding.UTF8.GetString(run.Errors).Trim()}");
        var lines = Encoding.UTF8.GetString(run.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var column = Array.IndexOf(Fields(lines[0]), "PID");
        if (column < 0)
            throw new VitrineException(ErrorKind.Invalid, "couldn't find PID field in ps output");
        var text = new StringBuilder(lines[0]).Append('\n');
        foreach (var line in lines.AsSpan(1))
        {
            var fields = Fields(line);
            if (column < fields.Length && int.TryParse(fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) &&
                processes.Contains(pid))
                text.Append(line).Append('\n');
        }
        return text.ToString();
    }

    private static string[] Fields(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
