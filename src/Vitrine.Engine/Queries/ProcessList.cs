using System.Text;
using Vitrine.Engine.Docker;
using Vitrine.Linux;

namespace Vitrine.Engine.Queries;

/// <summary>docker top: the host's ps(1), cut down to the processes of a container.</summary>
internal static class ProcessList
{
    /// <exception cref="VitrineException">Invalid: ps refuses the arguments, or its output has no PID column. Unavailable: there is no ps.</exception>
    public static TopResponse Of(IReadOnlySet<int> pids, IReadOnlyList<string> arguments) => Parse(RunPs(arguments), pids);

    private static string RunPs(IReadOnlyList<string> arguments)
    {
        CapturedRun run;
        try
        {
            run = Spawn.Run(["ps", .. arguments], limit: 64 << 20);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            throw new VitrineException(ErrorKind.Unavailable, "top needs ps(1) on the host (package procps)", e);
        }
        return run.ExitCode == 0
            ? Encoding.UTF8.GetString(run.Output)
            : throw new VitrineException(ErrorKind.Invalid, $"Error running ps: {Encoding.UTF8.GetString(run.Errors).Trim()}");
    }

    /// <summary>Splits the table into columns; the last column keeps its spaces.</summary>
    internal static TopResponse Parse(string output, IReadOnlySet<int> pids)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var titles = lines.Length > 0 ? Fields(lines[0]) : [];
        var pidColumn = Array.IndexOf(titles, "PID");
        if (pidColumn < 0)
            throw new VitrineException(ErrorKind.Invalid, "Couldn't find PID field in ps output");
        var processes = new List<IReadOnlyList<string>>();
        foreach (var line in lines.Skip(1))
        {
            var fields = Fields(line);
            if (fields.Length >= titles.Length && int.TryParse(fields[pidColumn], out var pid) && pids.Contains(pid))
                processes.Add([.. fields.Take(titles.Length - 1), string.Join(' ', fields.Skip(titles.Length - 1))]);
        }
        return new TopResponse { Titles = titles, Processes = processes };
    }

    private static string[] Fields(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
