using System.Text;
using System.Text.Json;
using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Templates;
using Vitrine.Engine.Docker;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine inspect</c>, and <c>inspect</c> of containers, images and volumes</summary>
internal sealed class InspectVerb : Verb
{
    private readonly Subject _subject;
    private readonly ValueFlag<string> _format;
    private readonly BoolFlag? _size;
    private readonly ValueFlag<string>? _type;
    private readonly ListFlag<Platform>? _platform;

    public InspectVerb(Subject subject)
    {
        _subject = subject;
        _format = Flags.Add(FormatFlag.Object());
        if (subject is Subject.Any or Subject.Container)
            _size = Flags.Bool("size", 's', "Display total file sizes of containers");
        if (subject == Subject.Any)
            _type = Flags.Text("type", "Only inspect objects of the given type: container, image, network or volume");
        if (subject == Subject.Network)
            Flags.Bool("verbose", 'v', "Verbose output for diagnostics: of networks on one host there is none");
        if (subject == Subject.Image)
            _platform = Flags.Add(PlatformFlag.Ours());
    }

    /// <summary>What kinds of object a form of the verb looks at.</summary>
    public enum Subject
    {
        Any,
        Container,
        Image,
        Volume,
        Network,
    }

    public override string Usage => _subject switch
    {
        Subject.Container => "[OPTIONS] CONTAINER [CONTAINER...]",
        Subject.Image => "[OPTIONS] IMAGE [IMAGE...]",
        Subject.Volume => "[OPTIONS] VOLUME [VOLUME...]",
        Subject.Network => "[OPTIONS] NETWORK [NETWORK...]",
        _ => "[OPTIONS] NAME|ID [NAME|ID...]",
    };

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => _subject switch
    {
        Subject.Container => Operand.Container,
        Subject.Image => Operand.Image,
        Subject.Volume => Operand.Volume,
        _ => Operand.Any,
    };

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (_platform is not null)
            PlatformFlag.Check(_platform, cli, arguments);
        var wanted = Wanted();
        var template = string.IsNullOrEmpty(_format.Value) || _format.Value == "json" ? null : Template.ParseFormat(_format.Value);
        var found = new List<string>();
        var code = await cli.ForEachAsync(arguments, async name =>
        {
            var json = await FindAsync(cli, name, wanted, indented: template is null && _format.Value != "json");
            if (template is null)
                found.Add(Encoding.UTF8.GetString(json));
            else
                Print(cli, template, json);
        });
        if (template is null)
            cli.Print(Join(found));
        return code;
    }

    private Subject Wanted() => (_type?.Value) switch
    {
        null or "" => _subject,
        "container" => Subject.Container,
        "image" => Subject.Image,
        "volume" => Subject.Volume,
        "network" => Subject.Network,
        var other => throw new VitrineException(ErrorKind.Invalid, $"unknown type: \"{other}\": must be one of \"container\", \"image\", \"network\", \"volume\""),
    };

    private async Task<byte[]> FindAsync(CliContext cli, string name, Subject wanted, bool indented) => wanted switch
    {
        Subject.Container => await ContainerAsync(cli, name, indented),
        Subject.Image => await ImageAsync(cli, name, indented),
        Subject.Network => await NetworkAsync(cli, name, indented),
        Subject.Volume => await VolumeAsync(cli, name, indented),
        _ => await Found(() => ContainerAsync(cli, name, indented))
            ?? await Found(() => ImageAsync(cli, name, indented))
            ?? await Found(() => NetworkAsync(cli, name, indented))
            ?? await Found(() => VolumeAsync(cli, name, indented))
            ?? throw new VitrineException(ErrorKind.NotFound, $"No such object: {name}"),
    };

    private async Task<byte[]> ContainerAsync(CliContext cli, string name, bool indented) =>
        InspectJson.Write(await cli.Engine.InspectAsync(ObjectId.Check("container", name), _size?.Value == true), indented);

    private static async Task<byte[]> NetworkAsync(CliContext cli, string name, bool indented) =>
        InspectJson.Write(await cli.Engine.InspectNetworkAsync(ObjectId.Check("network", name)), indented);

    private static async Task<byte[]> ImageAsync(CliContext cli, string name, bool indented) =>
        InspectJson.Write(await cli.Engine.InspectImageAsync(name), indented);

    private static async Task<byte[]> VolumeAsync(CliContext cli, string name, bool indented) =>
        InspectJson.Write(await cli.Engine.InspectVolumeAsync(ObjectId.Check("volume", name)), indented);

    /// <summary>What was looked for, or null where it is something else.</summary>
    private static async Task<byte[]?> Found(Func<Task<byte[]>> look)
    {
        try
        {
            return await look();
        }
        catch (VitrineException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    private static void Print(CliContext cli, Template template, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        using var text = new StringWriter();
        template.Execute(text, TemplateJson.ToValue(document.RootElement));
        cli.Print(text.ToString());
    }

    /// <summary>A JSON list of the objects.</summary>
    private string Join(List<string> objects)
    {
        if (_format.Value == "json")
            return $"[{string.Join(',', objects)}]";
        return objects.Count == 0
            ? "[]"
            : "[\n" + string.Join(",\n", objects.Select(o => "    " + o.Replace("\n", "\n    ", StringComparison.Ordinal))) + "\n]";
    }
}
