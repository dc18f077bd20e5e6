using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Linux;

namespace Vitrine.Commands;

/// <summary>What every verb works with: the screen and the global options.</summary>
public class CommandContext(GlobalOptions globals, Screen screen)
{
    /// <summary>How many docker does at once.</summary>
    private const int AtOnce = 50;

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

    /// <summary>
    /// As <see cref="ForEachAsync{T}"/>, for what has mostly to wait: many are done at once, as docker does. What is to be said of
    /// each is still said in the order of the names.
    /// </summary>
    /// <param name="names">The names.</param>
    /// <param name="action">Does it; returns the line to print.</param>
    /// <param name="forgives">Which errors are told, and are no failure.</param>
    public async Task<int> ForEachAtOnceAsync(IReadOnlyList<string> names, Func<string, Task<string>> action, Func<VitrineException, bool>? forgives = null)
    {
        using var room = new SemaphoreSlim(AtOnce);
        async Task<string> DoAsync(string name)
        {
            await room.WaitAsync();
            try
            {
                return await (names.Count == 1 ? action(name) : Task.Run(() => action(name)));
            }
            finally
            {
                room.Release();
            }
        }
        Task<string>[] all = [.. names.Select(DoAsync)];
        try
        {
            return await ForEachAsync(all, async done => Print(await done), forgives);
        }
        finally
        {
            // Where something unforeseen ends the telling, what has begun is still seen through, and nobody's failure is lost unseen.
            await Task.WhenAll((IEnumerable<Task>)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does something for each name; an error of one is printed and the others still have their turn.</summary>
    /// <returns>The exit code: 1 where any failed.</returns>
    public async Task<int> ForEachAsync<T>(IReadOnlyList<T> names, Func<T, Task> action, Func<VitrineException, bool>? forgives = null)
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
                if (e is not VitrineException told || forgives?.Invoke(told) != true)
                    code = 1;
            }
        }

        return code;
    }
}
