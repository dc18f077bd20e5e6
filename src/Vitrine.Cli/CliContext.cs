using Vitrine.Cli.CommandLine;
using Vitrine.Cli.Output;
using Vitrine.Engine;
using Vitrine.Linux;

namespace Vitrine.Cli;

/// <summary>What every verb works with: the screen, the global options and the engine.</summary>
internal sealed class CliContext(GlobalOptions globals, Screen screen)
{
    private ContainerEngine? _engine;

    public GlobalOptions Globals { get; } = globals;

    public Screen Screen { get; } = screen;

    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The engine on the roots of the global options, made at first use.</summary>
    public ContainerEngine Engine => _engine ??= new ContainerEngine(Globals.ToEngineOptions());

    /// <summary>The form the verb was called by, for hints: <c>container run</c>.</summary>
    public string Form { get; init; } = "";

    /// <summary>Prints a result line.</summary>
    public void Print(string line) => Screen.Out.WriteLine(line);

    /// <summary>Does something for each name; an error of one is printed and the others still have their turn.</summary>
    /// <returns>The exit code: 1 where any failed.</returns>
    public async Task<int> ForEachAsync(IReadOnlyList<string> names, Func<string, Task> action)
    {
        var code = 0;
        foreach (var name in names)
        {
            try
            {
                await action(name);
            }
            catch (Exception e) when (e is VitrineException or LinuxException { Errno: not Errno.EPIPE })
            {
                Screen.WriteError(e.Message);
                code = 1;
            }
        }

        return code;
    }
}
