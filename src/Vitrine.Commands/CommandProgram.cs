using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Linux;

namespace Vitrine.Commands;

/// <summary>
/// A program of many verbs: finds the verb, runs it, and turns what goes wrong into one line and an exit code. A verb that
/// another program has is handed to it with the whole command line.
/// </summary>
public abstract class CommandProgram
{
    private const int BrokenPipe = 128 + Signals.SIGPIPE;
    private const int Interrupted = 128 + Signals.SIGINT;

    /// <summary>All verbs.</summary>
    protected abstract CommandSet Commands { get; }

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string[] arguments)
    {
        var globals = new GlobalOptions();
        var screen = new Screen();
        try
        {
            var words = globals.Flags.Parse(arguments);
            var call = new Invocation(globals, screen) { CommandLine = arguments };
            var code = globals.Version ? PrintVersion(screen) : await DispatchAsync(call, words);
            screen.Out.Flush();
            return code;
        }
        catch (UsageException e)
        {
            screen.Error.Write($"{VisibleText.OfLines(e.Message)}\n\nUsage:  {ProgramName.Text} [OPTIONS] COMMAND [ARG...]\n\nRun '{ProgramName.Text} --help' for more information\n");
            return UsageException.ExitCode;
        }
        catch (HelpRequestException)
        {
            screen.Out.Write(HelpText.Overview(Commands, globals.Flags, screen.Width));
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
        screen.Out.WriteLine($"Vitrine version {ProductVersion.Text}");
        return 0;
    }

    /// <summary>What to say of a form that is no command.</summary>
    protected abstract string Unknown(string form);

    /// <summary>Runs a verb that this program has.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(VerbGrammar verb, Invocation call);

    /// <summary>The exit code that an error brings with it, or null.</summary>
    protected virtual int? ExitCodeOf(Exception error) => null;

    private Task<int> DispatchAsync(Invocation call, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            throw new HelpRequestException();
        if (words[0] == "help" && words.Count > 1)
            words = [.. words.Skip(1), "--help"];
        if (Commands.FindGroup(words[0]) is not { } group)
            return RunVerbAsync(call with { Form = words[0], Arguments = words.Skip(1).ToList() });
        if (words.Count > 1 && words[1] is not ("--help" or "-h"))
            return RunVerbAsync(call with { Form = $"{group.Name} {words[1]}", Arguments = words.Skip(2).ToList() });
        // Asked for, it is the answer; else it is a complaint.
        (words.Count > 1 ? call.Screen.Out : call.Screen.Error).Write(HelpText.Group(Commands, group));
        return Task.FromResult(0);
    }

    private async Task<int> RunVerbAsync(Invocation call)
    {
        var (screen, form) = (call.Screen, call.Form);
        if (Commands.Find(form) is not { } command)
        {
            screen.WriteError(Unknown(form));
            return 1;
        }

        if (command.Program is { } program)
            return HandOver(call, program);
        var verb = command.Create!();
        try
        {
            var arguments = verb.Flags.Parse(call.Arguments);
            if (verb.Arguments.Problem(arguments.Count) is { } problem)
                return ReportUsage(screen, form, verb, $"{ProgramName.Text}: '{ProgramName.Text} {form}' {problem}", 1, verb.Arguments.IsBounded ? "Run" : "See");
            return await RunAsync(verb, call with { Arguments = arguments });
        }
        catch (HelpRequestException help)
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
            if (call.Globals.Debug)
                screen.Error.WriteLine(VisibleText.OfLines(e.ToString()));
            return Report(screen, verb, e);
        }
    }

    private static int HandOver(Invocation call, string program)
    {
        call.Screen.Out.Flush();
        try
        {
            SiblingProgram.Become(program, call.CommandLine);
        }
        catch (VitrineException e)
        {
            call.Screen.WriteError(e.Message);
        }

        return 1;
    }

    private static int ReportUsage(Screen screen, string form, VerbGrammar verb, string message, int code, string hint = "Run")
    {
        screen.Error.Write($"{VisibleText.OfLines(message)}\n\n{HelpText.UsageLine(form, verb)}\n\n{hint} '{ProgramName.Text} {form} --help' for more information\n");
        return code;
    }

    private int Report(Screen screen, VerbGrammar verb, Exception error)
    {
        if (error is OperationCanceledException)
            return Interrupted;
        screen.WriteError(Describe(error));
        return ExitCodeOf(error) ?? verb.FailureCode;
    }

    private static string Describe(Exception error) => error switch
    {
        VitrineException or LinuxException => error.Message,
        IOException or UnauthorizedAccessException => error.Message,
        _ => $"{error.GetType().Name}: {error.Message}",
    };
}
