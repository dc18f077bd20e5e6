using Vitrine.Cli.CommandLine;
using Vitrine.Cli.Output;
using Vitrine.Engine;
using Vitrine.Linux;

namespace Vitrine.Cli;

/// <summary>Finds the verb, runs it, and turns what goes wrong into one line and an exit code.</summary>
internal static class Entry
{
    private const int BrokenPipe = 128 + Signals.SIGPIPE;
    private const int Interrupted = 128 + Signals.SIGINT;

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var globals = new GlobalOptions();
        var screen = new Screen();
        try
        {
            var words = globals.Flags.Parse(arguments);
            var code = globals.Version ? PrintVersion(screen) : await DispatchAsync(globals, screen, words);
            screen.Out.Flush();
            return code;
        }
        catch (UsageException e)
        {
            screen.Error.Write($"{e.Message}\n\nUsage:  vitrine [OPTIONS] COMMAND [ARG...]\n\nRun 'vitrine --help' for more information\n");
            return UsageException.ExitCode;
        }
        catch (HelpRequest)
        {
            screen.Out.Write(HelpText.Overview(globals.Flags, screen.Width));
            screen.Out.Flush();
            return 0;
        }
        catch (LinuxException e) when (e.Errno == Errno.EPIPE)
        {
            // Whoever read our output has had enough (vitrine ps | head): leave as SIGPIPE would have made us.
            return BrokenPipe;
        }
    }

    private static int PrintVersion(Screen screen)
    {
        screen.Out.WriteLine($"Vitrine version {CliVersion.Text}");
        return 0;
    }

    private static Task<int> DispatchAsync(GlobalOptions globals, Screen screen, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            throw new HelpRequest();
        if (words[0] == "help" && words.Count > 1)
            words = [.. words.Skip(1), "--help"];
        if (CommandTable.FindGroup(words[0]) is not { } group)
            return RunVerbAsync(globals, screen, words[0], words.Skip(1).ToList());
        if (words.Count > 1 && words[1] is not ("--help" or "-h"))
            return RunVerbAsync(globals, screen, $"{group.Name} {words[1]}", words.Skip(2).ToList());
        screen.Out.Write(HelpText.Group(group));
        return Task.FromResult(0);
    }

    private static async Task<int> RunVerbAsync(GlobalOptions globals, Screen screen, string form, IReadOnlyList<string> words)
    {
        if (CommandTable.Find(form) is not { } command)
        {
            screen.WriteError(CommandTable.Unknown(form));
            return 1;
        }

        var verb = command.Create();
        try
        {
            var arguments = verb.Flags.Parse(words);
            if (verb.Arguments.Problem(arguments.Count) is { } problem)
                return ReportUsage(screen, form, verb, $"vitrine: 'vitrine {form}' {problem}", 1);
            return await verb.RunAsync(new CliContext(globals, screen) { Form = form }, arguments);
        }
        catch (HelpRequest help)
        {
            if (help.IsDeprecatedShorthand)
                screen.Error.WriteLine("Flag shorthand -h has been deprecated, use --help");
            screen.Out.Write(HelpText.Of(command, form, verb, screen.Width));
            return 0;
        }
        catch (UsageException e)
        {
            return ReportUsage(screen, form, verb, e.Message, UsageException.ExitCode);
        }
        catch (Exception e) when (e is not LinuxException { Errno: Errno.EPIPE })
        {
            if (globals.Debug)
                screen.Error.WriteLine(e.ToString());
            return Report(screen, verb, e);
        }
    }

    private static int ReportUsage(Screen screen, string form, Verb verb, string message, int code)
    {
        screen.Error.Write($"{message}\n\n{HelpText.UsageLine(form, verb)}\n\nRun 'vitrine {form} --help' for more information\n");
        return code;
    }

    private static int Report(Screen screen, Verb verb, Exception error)
    {
        switch (error)
        {
            case OperationCanceledException:
                return Interrupted;
            case ContainerStartException start:
                screen.WriteError(start.Message);
                return start.ExitCode;
            default:
                screen.WriteError(Describe(error));
                return verb.FailureCode;
        }
    }

    private static string Describe(Exception error) => error switch
    {
        VitrineException or LinuxException => error.Message,
        IOException or UnauthorizedAccessException => error.Message,
        _ => $"{error.GetType().Name}: {error.Message}",
    };
}
