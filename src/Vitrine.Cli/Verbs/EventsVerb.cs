using System.Globalization;
using System.Text.Json;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Commands.Parsing;
using Vitrine.Commands.Templates;
using Vitrine.Engine;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine events</c></summary>
internal sealed class EventsVerb : Verb
{
    private readonly ListFlag<Filter> _filters;
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<string> _since;
    private readonly ValueFlag<string> _until;

    public EventsVerb()
    {
        _filters = Flags.Add(Filter.Flag());
        _format = Flags.Add(FormatFlag.Lines());
        _since = Flags.Text("since", "Show all events created since timestamp");
        _until = Flags.Text("until", "Stream events until this timestamp");
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var template = string.IsNullOrEmpty(_format.Value) || _format.Value == "json" ? null : Template.ParseFormat(_format.Value);
        using var interrupt = new Interrupt();
        using var stream = cli.Engine.OpenEvents(new EventOptions
        {
            Since = MomentSyntax.Parse(_since.Value, "", cli.Time),
            Until = MomentSyntax.Parse(_until.Value, "", cli.Time),
            Filters = Filter.ToMap(_filters.Values),
        });
        try
        {
            await foreach (var message in stream.ReadAllAsync(interrupt.Token))
                Print(cli.Screen.Out, template, message);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            // Ctrl-C is how one stops looking.
        }
        return 0;
    }

    private void Print(DescriptorWriter output, Template? template, EventMessage message)
    {
        if (template is not null)
            output.WriteLine(Render(template, message));
        else if (_format.Value == "json")
            output.WriteBytes([.. message.ToJson().Span, (byte)'\n']);
        else
            output.WriteLine(Describe(message));
        output.Flush();
    }

    private static string Render(Template template, EventMessage message)
    {
        using var document = JsonDocument.Parse(message.ToJson());
        using var text = new StringWriter();
        template.Execute(text, new Fields((TemplateMap)TemplateJson.ToValue(document.RootElement)!));
        return text.ToString();
    }

    /// <summary>An event, its fields as Go names them; what is left out of the JSON is empty, and not unknown.</summary>
    private sealed class Fields(TemplateMap json) : ITemplateObject
    {
        public string TypeName => "*events.Message";

        public IEnumerable<string> FieldNames => json.Keys;

        public bool EscapesMarkup => false;

        public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
        {
            var isGos = name is "Status" or "ID" or "From" or "Scope" or "Time" or "TimeNano";
            if (json.TryGetValue(isGos ? name == "ID" ? "id" : char.ToLowerInvariant(name[0]) + name[1..] : name, out value))
                return true;
            value = "";
            return isGos;
        }
    }

    /// <summary>As docker: the time with all its digits and the local offset, type, action, id, and the attributes in order.</summary>
    private static string Describe(EventMessage message)
    {
        var time = DateTimeOffset.UnixEpoch.AddSeconds(message.Time).ToLocalTime();
        var fraction = message.TimeNano % 1_000_000_000;
        var offset = time.Offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture);
        var attributes = message.Attributes.Keys.Order(StringComparer.Ordinal).Select(name => $"{name}={message.Attributes[name]}");
        var more = message.Attributes.Count > 0 ? $" ({string.Join(", ", attributes)})" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{time:yyyy-MM-ddTHH:mm:ss}.{fraction:d9}{offset} {message.Type} {message.Action} {message.ActorId}{more}");
    }
}
