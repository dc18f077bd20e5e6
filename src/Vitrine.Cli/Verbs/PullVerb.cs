using Vitrine.Cli.Output;
using Vitrine.Cli.Running;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Images;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine pull</c></summary>
internal sealed class PullVerb : Verb
{
    private readonly BoolFlag _allTags;
    private readonly BoolFlag _quiet;
    private readonly ValueFlag<string> _platform;

    public PullVerb()
    {
        _platform = Flags.Text("platform", "Platform of the image, os/arch[/variant] (default is this host's)");
        _quiet = Flags.Bool("quiet", 'q', "Suppress verbose output");
        _allTags = Flags.Bool("all-tags", 'a', "Download all tagged images in the repository");
        Flags.Add(new ContentTrustFlag());
    }

    public override string Usage => "[OPTIONS] NAME[:TAG|@DIGEST]";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.Image;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var reference = ImageReference.Parse(arguments[0]);
        if (_allTags.Value)
            return await PullAllAsync(cli, reference);
        if (!_quiet.Value && reference is { Tag: null, Digest: null })
            cli.Print("Using default tag: latest");
        var display = _quiet.Value ? null : TransferDisplay.OnOutput(cli.Screen);
        await ImagePull.RunAsync(cli, reference, string.IsNullOrEmpty(_platform.Value) ? null : _platform.Value, display);
        cli.Print(reference.WithDefaultTag().ToString());
        return 0;
    }

    private async Task<int> PullAllAsync(CliContext cli, ImageReference repository)
    {
        if (repository.Tag is not null || repository.Digest is not null)
            throw new VitrineException(ErrorKind.Invalid, "tag can't be used with --all-tags/-a");
        using var interrupt = new Interrupt();
        await cli.Engine.PullAllTagsAsync(repository, new PullOptions
        {
            Platform = string.IsNullOrEmpty(_platform.Value) ? null : Platform.Parse(_platform.Value),
            Progress = _quiet.Value ? null : TransferDisplay.OnOutput(cli.Screen),
            Registry = RegistryOptions.Load() with { DockerConfigDirectory = cli.Globals.ConfigDirectory },
        }, interrupt.Token);
        cli.Print(repository.ToString());
        return 0;
    }
}
