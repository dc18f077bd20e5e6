using Vitrine.Commands;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine export</c></summary>
internal sealed class ExportVerb : Verb
{
    private readonly ValueFlag<string> _output;

    public ExportVerb() => _output = Flags.Text("output", 'o', "Write to a file, instead of STDOUT");

    public override string Usage => "[OPTIONS] CONTAINER";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.Container;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var toStdout = string.IsNullOrEmpty(_output.Value);
        if (toStdout && cli.Screen.OutputIsTerminal)
            throw new VitrineException(ErrorKind.Invalid, "cowardly refusing to save to a terminal. Use the -o flag or redirect");
        using var interrupt = new Interrupt();
        await ArchiveFiles.WriteOutputAsync(toStdout ? ArchiveFiles.Standard : _output.Value!,
            output => cli.Engine.ExportAsync(arguments[0], output, interrupt.Token), "failed to export container: ");
        return 0;
    }
}
