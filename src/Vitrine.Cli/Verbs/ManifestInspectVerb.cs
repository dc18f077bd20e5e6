using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine manifest inspect</c>: manifest or list as the registry has it.</summary>
internal sealed class ManifestInspectVerb : Verb
{
    private static readonly JsonWriterOptions s_docker = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        IndentCharacter = ' ',
        IndentSize = 3,
    };

    private readonly BoolFlag _insecure;
    private readonly BoolFlag _verbose;

    public ManifestInspectVerb()
    {
        _verbose = Flags.Bool("verbose", 'v', "Output additional info including layers and platform");
        _insecure = Flags.Add(ManifestLists.Insecure());
    }

    public override string Usage => "[OPTIONS] [MANIFEST_LIST] MANIFEST";

    public override ArgumentCount Arguments => new(1, 2);

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var name = ImageReference.Parse(arguments[^1]);
        using var interrupt = new Interrupt();
        var remote = await RemoteImage.FindAsync(name, ManifestLists.Registry(cli, name, _insecure), interrupt.Token);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_docker))
        using (var content = JsonDocument.Parse(remote.Content))
        {
            if (_verbose.Value)
                WriteVerbose(json, name.WithDefaultTag(), remote, content.RootElement);
            else
                content.RootElement.WriteTo(json);
        }

        cli.Print(Encoding.UTF8.GetString(buffer.ToArray()));
        return 0;
    }

    private static void WriteVerbose(Utf8JsonWriter json, ImageReference name, RemoteImage remote, JsonElement content)
    {
        json.WriteStartObject();
        json.WriteString("Ref", name.ToString());
        json.WriteStartObject("Descriptor");
        json.WriteString("mediaType", remote.Descriptor.MediaType);
        json.WriteString("digest", remote.Descriptor.Digest.ToString());
        json.WriteNumber("size", remote.Descriptor.Size);
        if (remote.Platforms is [var platform])
        {
            json.WriteStartObject("platform");
            json.WriteString("architecture", platform.Architecture);
            json.WriteString("os", platform.Os);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WritePropertyName(MediaTypes.IsIndex(remote.Descriptor.MediaType) ? "ManifestList" : "SchemaV2Manifest");
        content.WriteTo(json);
        json.WriteEndObject();
    }
}
