using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine save</c></summary>
internal sealed class SaveVerb : Verb
{
    private readonly ValueFlag<string> _output;
    private readonly ListFlag<Platform> _platform;

    public SaveVerb()
    {
        _output = Flags.Text("output", 'o', "Write to a file, instead of STDOUT");
        _platform = Flags.Add(PlatformFlag.Ours());
    }

    public override string Usage => "[OPTIONS] IMAGE [IMAGE...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.Image;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var toStdout = string.IsNullOrEmpty(_output.Value);
        if (toStdout && cli.Screen.OutputIsTerminal)
            throw new VitrineException(ErrorKind.Invalid, "cowardly refusing to save to a terminal. Use the -o flag or redirect");
        PlatformFlag.Check(_platform, cli, arguments);
        using var interrupt = new Interrupt();
        await ArchiveFiles.WriteOutputAsync(toStdout ? ArchiveFiles.Standard : _output.Value!,
            output => cli.Engine.SaveImagesAsync(arguments, output, interrupt.Token), "failed to save image: ");
        return 0;
    }
}
