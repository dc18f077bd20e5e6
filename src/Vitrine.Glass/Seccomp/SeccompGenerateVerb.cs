using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Filters;
using Vitrine.Insight.Privileges;
using Vitrine.Insight.Sections;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;

namespace Vitrine.Glass.Seccomp;

/// <summary><c>vitrine seccomp generate</c>: a profile from what a command does.</summary>
internal sealed class SeccompGenerateVerb : GlassVerb
{
    private readonly ListFlag<SeccompArchitecture?> _architectures;
    private readonly ValueFlag<string> _base;
    private readonly ValueFlag<string> _capabilities;
    private readonly ValueFlag<string> _output;

    public SeccompGenerateVerb()
    {
        Flags.OptionsEndAtFirstArgument = true;
        _architectures = Flags.Add(new ListFlag<SeccompArchitecture?>("arch", Flag.None, "string", "A further ABI that the profile is for: x86_64, x86, x32, aarch64, arm", SeccompTestVerb.ParseArchitecture));
        _base = Flags.Text("base", "Add what was seen to a profile in docker's format, or to vitrine's (\"default\")");
        _capabilities = Flags.Text("caps", "With --base: the container's capabilities (default vitrine's default set)");
        _output = Flags.Text("output", 'o', "Write the profile to a file; without it, the command's own output goes to stderr");
    }

    public override string Usage => "[OPTIONS] COMMAND [ARG...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override string Details =>
        "Runs a command, sees each system call of it and of all that it starts, and writes a profile in\n"
        + "docker's format that lets those run and fails all others with EPERM. What the run did not need the\n"
        + "profile does not allow: run all that the program is to do. Exits as the command does.";

    public override int FailureCode => UsageException.ExitCode;

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var output = _output.Value is { } path ? new FileInfo(path) : null;
        // Found out before the command runs, not after it.
        var profile = _base.Value is null ? null : _base.Value == "default" ? DefaultSeccompProfile.Load() : SeccompProfile.Load(File.ReadAllBytes(_base.Value));
        var capabilities = _capabilities.Value is { } names ? CapabilityNames.Parse(names) : CapabilityMeanings.VitrineDefault;
        if (output is { DirectoryName: { } directory } && !Directory.Exists(directory))
            throw new VitrineException(ErrorKind.NotFound, $"there is no directory {directory} to write {output.Name} to");
        var run = Trace(arguments, output is null);
        var seen = ObservedProfile.Of(run.Calls, _architectures.Values.OfType<SeccompArchitecture>(), out var unknown);
        if (run.Calls.Count == 0)
            throw new VitrineException(ErrorKind.NotFound, $"{arguments[0]} did not run (exit code {run.Status.Code}): there is nothing to make a profile of");
        foreach (var call in unknown)
            Note(context, $"call {call.Number} of ABI 0x{call.AuditArchitecture:x} has no name here: the profile does not have it");
        var result = seen;
        if (profile is not null)
        {
            result = ObservedProfile.AddedTo(seen, profile, capabilities, out var added, out var conditional);
            Note(context, added.Count == 0 ? "the profile allows all that was seen already" : $"added to the profile: {string.Join(", ", added)}");
            if (conditional.Count > 0)
                Note(context, $"seen, and left under the profile's conditions: {string.Join(", ", conditional)}");
        }

        Write(context, result, output);
        Note(context, $"{run.Calls.Count} system calls were seen{(run.Status.Code == 0 ? "" : $"; the command ended with {run.Status.Code}, so it may have been cut short")}");
        return Task.FromResult(run.Status.Code);
    }

    /// <summary>Ctrl-C is for the command: what it did until then is a profile too.</summary>
    private static TracedRun Trace(IReadOnlyList<string> command, bool outputIsTaken)
    {
        using var interrupt = new Interrupt();
        return CallTracer.Run(command, new Dictionary<int, Microsoft.Win32.SafeHandles.SafeFileHandle>
        {
            [0] = Fd.StandardInput,
            [1] = outputIsTaken ? Fd.StandardError : Fd.StandardOutput,
            [2] = Fd.StandardError,
        });
    }

    private static void Write(CommandContext context, SeccompProfile profile, FileInfo? output)
    {
        var text = SeccompProfileWriter.Write(profile);
        if (output is null)
            context.Screen.Out.Write(text);
        else
            File.WriteAllText(output.FullName, text);
    }

    private static void Note(CommandContext context, string text)
    {
        context.Screen.Out.Flush();
        context.Screen.Error.WriteLine($"{ProgramName.Text}: note: {VisibleText.OfLines(text)}");
    }
}
