using Vitrine.Cli.Output;
using Vitrine.Cli.Running;
using Vitrine.Commands.CommandLine;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine pull</c></summary>
internal sealed class PullVerb : Verb
{
    private readonly BoolFlag _quiet;
    private readonly ValueFlag<string> _platform;

    public PullVerb()
    {
        _platform = Flags.Text("platform", "Platform of the image, os/arch[/variant] (default is this host's)");
        _quiet = Flags.Bool("quiet", 'q', "Suppress verbose output");
        Flags.Add(new RefusedFlag("all-tags", 'a', "", "is not supported: name the tags that you want"));
        Flags.Add(new BoolFlag("disable-content-trust", Flag.None, "Skip image verification") { IsHidden = true, Value = true });
    }

    public override string Usage => "[OPTIONS] NAME[:TAG|@DIGEST]";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.Image;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var reference = ImageReference.Parse(arguments[0]);
        if (!_quiet.Value && reference is { Tag: null, Digest: null })
            cli.Print("Using default tag: latest");
        var display = _quiet.Value ? null : TransferDisplay.OnOutput(cli.Screen);
        await ImagePull.RunAsync(cli, reference, string.IsNullOrEmpty(_platform.Value) ? null : _platform.Value, display);
        cli.Print(reference.WithDefaultTag().ToString());
        return 0;
    }
}
