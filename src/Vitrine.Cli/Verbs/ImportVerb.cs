using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Images;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine import</c></summary>
internal sealed class ImportVerb : Verb
{
    private readonly ListFlag<string> _changes;
    private readonly ValueFlag<string> _message;
    private readonly ValueFlag<string> _platform;

    public ImportVerb()
    {
        _changes = Flags.List("change", 'c', "Apply Dockerfile instruction to the created image");
        _message = Flags.Text("message", 'm', "Set commit message for imported image");
        _platform = Flags.Text("platform", "Platform of the image, os/arch[/variant] (default is this host's)");
    }

    public override string Usage => "[OPTIONS] file|- [REPOSITORY[:TAG]]";

    public override ArgumentCount Arguments => new(1, 2);

    public override Operand Completes => Operand.File;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var source = arguments[0];
        if (source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            throw new VitrineException(ErrorKind.NotImplemented, $"importing from a URL is not supported: use 'curl -fsSL {source} | vitrine import -'");
        var options = new ImageImportOptions
        {
            Name = arguments.Count > 1 ? ImageReference.Parse(arguments[1]) : null,
            Changes = _changes.Values,
            Message = _message.Value,
            Source = source,
            Platform = string.IsNullOrEmpty(_platform.Value) ? null : Platform.Parse(_platform.Value),
        };
        using var interrupt = new Interrupt();
        await using var archive = ArchiveFiles.OpenInput(source);
        cli.Print(await cli.Engine.ImportImageAsync(archive, options, interrupt.Token));
        return 0;
    }
}
