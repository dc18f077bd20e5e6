using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Images.Manifests;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary>What the verbs about lists of images for several platforms have in common.</summary>
internal static class ManifestLists
{
    public static ManifestDraft Open(CliContext cli, string list, BoolFlag? insecure = null)
    {
        var name = ImageReference.Parse(list);
        return new(name, cli.Globals.ConfigDirectory, Registry(cli, name, insecure));
    }

    public static BoolFlag Insecure() => new("insecure", Flag.None, "Allow communication with an insecure registry");

    /// <summary>How the registry of a name is reached; with --insecure without encryption too.</summary>
    public static RegistryOptions Registry(CliContext cli, ImageReference name, BoolFlag? insecure)
    {
        var options = RegistryOptions.Load() with { DockerConfigDirectory = cli.Globals.ConfigDirectory };
        return insecure is { Value: true } ? options with { InsecureRegistries = [.. options.InsecureRegistries ?? [], name.Registry] } : options;
    }
}

/// <summary><c>vitrine manifest create</c></summary>
internal sealed class ManifestCreateVerb : Verb
{
    private readonly BoolFlag _amend;
    private readonly BoolFlag _insecure;

    public ManifestCreateVerb()
    {
        _amend = Flags.Bool("amend", 'a', "Amend an existing manifest list");
        _insecure = Flags.Add(ManifestLists.Insecure());
    }

    public override string Usage => "MANIFEST_LIST MANIFEST [MANIFEST...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(2);

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        using var interrupt = new Interrupt();
        await ManifestLists.Open(cli, arguments[0], _insecure).CreateAsync(arguments.Skip(1).Select(ImageReference.Parse), _amend.Value, interrupt.Token);
        cli.Print($"Created manifest list {ImageReference.Parse(arguments[0]).WithDefaultTag()}");
        return 0;
    }
}

/// <summary><c>vitrine manifest annotate</c></summary>
internal sealed class ManifestAnnotateVerb : Verb
{
    private readonly ValueFlag<string> _architecture;
    private readonly ValueFlag<string> _os;
    private readonly ListFlag<string> _osFeatures;
    private readonly ValueFlag<string> _osVersion;
    private readonly ValueFlag<string> _variant;

    public ManifestAnnotateVerb()
    {
        _architecture = Flags.Text("arch", "Set architecture");
        _os = Flags.Text("os", "Set operating system");
        _osFeatures = Flags.List("os-features", "Set operating system feature");
        _osVersion = Flags.Text("os-version", "Set operating system version");
        _variant = Flags.Text("variant", "Set architecture variant");
    }

    public override string Usage => "[OPTIONS] MANIFEST_LIST MANIFEST";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(2);

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        ManifestLists.Open(cli, arguments[0]).Annotate(ImageReference.Parse(arguments[1]),
            new PlatformChange(_os.Value, _architecture.Value, _variant.Value, _osVersion.Value, _osFeatures.ValuesOrNull));
        return Task.FromResult(0);
    }
}

/// <summary><c>vitrine manifest push</c></summary>
internal sealed class ManifestPushVerb : Verb
{
    private readonly BoolFlag _insecure;
    private readonly BoolFlag _purge;

    public ManifestPushVerb()
    {
        _purge = Flags.Bool("purge", 'p', "Remove the local manifest list after push");
        _insecure = Flags.Add(ManifestLists.Insecure());
    }

    public override string Usage => "[OPTIONS] MANIFEST_LIST";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        using var interrupt = new Interrupt();
        var draft = ManifestLists.Open(cli, arguments[0], _insecure);
        cli.Print((await draft.PushAsync(interrupt.Token)).ToString());
        if (_purge.Value)
            draft.Remove();
        return 0;
    }
}

/// <summary><c>vitrine manifest rm</c></summary>
internal sealed class ManifestRmVerb : Verb
{
    public override string Usage => "MANIFEST_LIST [MANIFEST_LIST...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments) => cli.ForEachAsync(arguments, name =>
    {
        ManifestLists.Open(cli, name).Remove();
        return Task.CompletedTask;
    });
}
