using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Cli.Output;
using Vitrine.Cli.Running;
using Vitrine.Images;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine push</c></summary>
internal sealed class PushVerb : Verb
{
    private readonly BoolFlag _allTags;
    private readonly ValueFlag<string> _platform;
    private readonly BoolFlag _quiet;

    public PushVerb()
    {
        _allTags = Flags.Bool("all-tags", 'a', "Push all tags of an image to the repository");
        _platform = Flags.Text("platform", "Push only where the image is for this platform, os/arch[/variant]");
        _quiet = Flags.Bool("quiet", 'q', "Suppress verbose output");
        Flags.Add(new ContentTrustFlag());
    }

    public override string Usage => "[OPTIONS] NAME[:TAG]";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.Image;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var name = ImageReference.Parse(arguments[0]);
        if (!_allTags.Value && !_quiet.Value && name is { Tag: null, Digest: null })
            cli.Print("Using default tag: latest");
        using var interrupt = new Interrupt();
        var pushed = await cli.Engine.PushImageAsync(arguments[0], new PushOptions
        {
            AllTags = _allTags.Value,
            Platform = string.IsNullOrEmpty(_platform.Value) ? null : Platform.Parse(_platform.Value),
            Progress = _quiet.Value ? null : TransferDisplay.OnOutput(cli.Screen),
            Registry = RegistryOptions.Load() with { DockerConfigDirectory = cli.Globals.ConfigDirectory },
        }, interrupt.Token);
        if (_quiet.Value)
            cli.Print(_allTags.Value ? name.FamiliarRepository : $"{name.Repository}:{pushed[0].Tag}");
        return 0;
    }
}
