using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Linux;

namespace Vitrine.Commands;

/// <summary>What every verb works with: the screen and the global options.</summary>
public class CommandContext(GlobalOptions globals, Screen screen)
{
    private ClientPreferences? _preferences;

    public GlobalOptions Globals { get; } = globals;

    public Screen Screen { get; } = screen;

    /// <summary>The user's preferences, read at first use.</summary>
    public ClientPreferences Preferences => _preferences ??= ClientPreferences.Read(Globals.ConfigDirectory);

    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The form the verb was called by, for hints: <c>container run</c>.</summary>
    public string Form { get; init; } = "";

    /// <summary>The whole command line, without the program's name.</summary>
    public IReadOnlyList<string> CommandLine { get; init; } = [];

    /// <summary>The format of a verb that lists: what the command line says, for names alone the name, else what the user prefers.</summary>
    /// <param name="given">What --format says.</param>
    /// <param name="isQuiet">Whether only names or ids are wanted.</param>
    /// <param name="name">The template of those.</param>
    /// <param name="preferred">What the preferences say.</param>
    public string? Format(string? given, bool isQuiet, string name, Func<ClientPreferences, string?> preferred)
    {
        if (!string.IsNullOrEmpty(given) && !(isQuiet && given == "table"))
            return given;
        return isQuiet ? name : preferred(Preferences);
    }

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
