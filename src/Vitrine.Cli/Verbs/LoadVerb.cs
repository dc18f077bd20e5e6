using Vitrine.Cli.Output;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine load</c></summary>
internal sealed class LoadVerb : Verb
{
    private readonly ValueFlag<string> _input;
    private readonly BoolFlag _quiet;
    private readonly ListFlag<Platform> _platforms;

    public LoadVerb()
    {
        _input = Flags.Text("input", 'i', "Read from tar archive file, instead of STDIN");
        _quiet = Flags.Bool("quiet", 'q', "Suppress the load output");
        _platforms = Flags.Add(new ListFlag<Platform>("platform", Flag.None, "string", "Load only images for this platform, os/arch[/variant]", Platform.Parse));
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override Operand Completes => Operand.File;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (string.IsNullOrEmpty(_input.Value) && cli.Screen.InputIsTerminal)
            throw new VitrineException(ErrorKind.Invalid, "requested load from stdin, but stdin is empty");
        using var interrupt = new Interrupt();
        await using var archive = ArchiveFiles.OpenInput(string.IsNullOrEmpty(_input.Value) ? ArchiveFiles.Standard : _input.Value);
        // As docker: progress is for people, and the names that scripts read follow it.
        var display = _quiet.Value || !cli.Screen.OutputIsTerminal ? null : TransferDisplay.OnOutput(cli.Screen);
        foreach (var image in await cli.Engine.LoadImagesAsync(archive, display, _platforms.Values, interrupt.Token))
        {
            foreach (var name in image.Names)
                cli.Print($"Loaded image: {name.Familiar}");
            if (image.Names.Count == 0)
                cli.Print($"Loaded image ID: {image.Id}");
        }

        return 0;
    }
}
