using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs.Volumes;

/// <summary><c>vitrine volume create</c></summary>
internal sealed class VolumeCreateVerb : Verb
{
    private static readonly string[] s_ofSwarm =
    [
        "availability", "group", "limit-bytes", "required-bytes", "scope", "secret", "sharing", "topology-preferred", "topology-required", "type",
    ];

    private readonly ValueFlag<string> _driver;
    private readonly ListFlag<string> _labels;
    private readonly ListFlag<string> _options;
    private readonly ValueFlag<string> _name;

    public VolumeCreateVerb()
    {
        _driver = Flags.Add(new ValueFlag<string>("driver", 'd', "string", "Specify volume driver name", text => text) { Value = "local", DefaultText = "\"local\"" });
        _labels = Flags.List("label", "Set metadata for a volume");
        _options = Flags.List("opt", 'o', "Set driver specific options: type=, device=, o= as of mount(8)");
        _name = Flags.Text("name", "Specify volume name");
        foreach (var name in s_ofSwarm)
            Flags.Add(new RefusedFlag(name, Flag.None, "string", "is for cluster volumes of swarm, which Vitrine does not have") { IsDockers = true });
    }

    public override string Usage => "[OPTIONS] [VOLUME]";

    public override ArgumentCount Arguments => ArgumentCount.AtMost(1);

    public override string Details => "A volume without a name gets a random one. Options say what is mounted on the volume's directory while\na container uses it:\n  vitrine volume create -o type=tmpfs -o device=tmpfs -o o=size=64m scratch";

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var volume = await cli.Engine.CreateVolumeAsync(new VolumeCreateOptions
        {
            Name = arguments.Count == 0 ? _name.Value ?? "" : _name.Value is null ? arguments[0]
                : throw new VitrineException(ErrorKind.Invalid, "conflicting options: cannot specify a volume-name through both --name and as a positional arg"),
            Driver = _driver.Value!,
            DriverOpts = Map(_options.Values),
            Labels = Map(_labels.Values),
        });
        cli.Print(volume.Name);
        return 0;
    }

    /// <summary>Null for none, and in order, as docker keeps them.</summary>
    private static Dictionary<string, string>? Map(IReadOnlyList<string> pairs) =>
        pairs.Count == 0 ? null : KeyValues.ToMap(pairs.OrderBy(static pair => KeyValues.Cut(pair, '=').Before, StringComparer.Ordinal));
}
