using System.Text;
using System.Text.Json;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Templates;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine inspect</c>, <c>container inspect</c> and <c>image inspect</c></summary>
internal sealed class InspectVerb : Verb
{
    private readonly Subject _subject;
    private readonly ValueFlag<string> _format;
    private readonly BoolFlag? _size;
    private readonly ValueFlag<string>? _type;

    public InspectVerb(Subject subject)
    {
        _subject = subject;
        _format = Flags.Add(FormatFlag.Object());
        if (subject != Subject.Image)
            _size = Flags.Bool("size", 's', "Display total file sizes of containers");
        if (subject == Subject.Any)
            _type = Flags.Text("type", "Only inspect objects of the given type: container or image");
        if (subject == Subject.Image)
            Flags.Add(new RefusedFlag("platform", Flag.None, "string", "is not offered: an image here has one platform"));
    }

    /// <summary>What kinds of object a form of the verb looks at.</summary>
    public enum Subject
    {
        Any,
        Container,
        Image,
    }

    public override string Usage => _subject switch
    {
        Subject.Container => "[OPTIONS] CONTAINER [CONTAINER...]",
        Subject.Image => "[OPTIONS] IMAGE [IMAGE...]",
        _ => "[OPTIONS] NAME|ID [NAME|ID...]",
    };

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => _subject switch
    {
        Subject.Container => Operand.Container,
        Subject.Image => Operand.Image,
        _ => Operand.Any,
    };

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var wanted = Wanted();
        var template = string.IsNullOrEmpty(_format.Value) || _format.Value == "json" ? null : Template.Parse(_format.Value);
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
        var other => throw new VitrineException(ErrorKind.Invalid, $"\"{other}\" is not a valid value for --type"),
    };

    private async Task<byte[]> FindAsync(CliContext cli, string name, Subject wanted, bool indented)
    {
        if (wanted != Subject.Image)
        {
            try
            {
                return InspectJson.Write(await cli.Engine.InspectAsync(name, _size?.Value == true), indented);
            }
            catch (VitrineException e) when (e.Kind == ErrorKind.NotFound && wanted == Subject.Any)
            {
                // It may be an image.
            }
        }

        try
        {
            return InspectJson.Write(await cli.Engine.InspectImageAsync(name), indented);
        }
        catch (VitrineException e) when (e.Kind == ErrorKind.NotFound && wanted == Subject.Any)
        {
            throw new VitrineException(ErrorKind.NotFound, $"No such object: {name}");
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
