using System.Globalization;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Engine.Docker;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine history</c></summary>
internal sealed class HistoryVerb : Verb
{
    private const string Columns = "{{.ID}}\t{{if .CreatedSince}}{{.CreatedSince}}{{end}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";

    private readonly ValueFlag<string> _format;
    private readonly BoolFlag _human;
    private readonly BoolFlag _noTruncation;
    private readonly BoolFlag _quiet;
    private readonly ListFlag<Platform> _platform;

    public HistoryVerb()
    {
        _format = Flags.Add(FormatFlag.Rows());
        _human = Flags.Add(new BoolFlag("human", 'H', "Print sizes and dates in human readable format") { Value = true, DefaultText = "true" });
        _noTruncation = Flags.Bool("no-trunc", "Don't truncate output");
        _quiet = Flags.Bool("quiet", 'q', "Only show image IDs");
        _platform = Flags.Add(PlatformFlag.Ours());
    }

    public override string Usage => "[OPTIONS] IMAGE";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.Image;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var format = RowFormat.Parse(_quiet.Value && _format.Value is (null or "" or "table") ? "{{.ID}}" : _format.Value, Columns);
        PlatformFlag.Check(_platform, cli, arguments);
        var now = cli.Time.GetUtcNow();
        var rows = (await cli.Engine.HistoryAsync(arguments[0])).Select(item => new Row(item, _human.Value, !_noTruncation.Value, now));
        format.Print(cli.Screen.Out, _human.Value ? Row.Header : Row.ExactHeader, rows);
        return 0;
    }

    private sealed class Row(HistoryItem item, bool human, bool truncate, DateTimeOffset now) : ITemplateObject
    {
        private const int CommandWidth = 45;

        public static HeaderRow Header => HeaderOf("CREATED");

        public static HeaderRow ExactHeader => HeaderOf("CREATED AT");

        private static HeaderRow HeaderOf(string created) => new(new Dictionary<string, string>
        {
            ["ID"] = "IMAGE",
            ["CreatedSince"] = created,
            ["CreatedAt"] = "CREATED AT",
            ["CreatedBy"] = "CREATED BY",
            ["Size"] = "SIZE",
            ["Comment"] = "COMMENT",
        });

        public string TypeName => "*formatter.historyContext";

        public IEnumerable<string> FieldNames { get; } = ["Comment", "CreatedAt", "CreatedBy", "CreatedSince", "ID", "Size"];

        private DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(item.Created);

        public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
        {
            value = name switch
            {
                "ID" => truncate ? HumanText.ShortId(item.Id) : item.Id,
                "CreatedAt" => Created.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture).Replace("+00:00", "Z", StringComparison.Ordinal),
                "CreatedSince" => item.Created <= 0 ? "N/A" : human ? HumanText.Ago(Created, now) : Created.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                "CreatedBy" => Shortened(item.CreatedBy.Replace('\t', ' ')),
                "Size" => human ? HumanText.Size(item.Size) : item.Size.ToString(CultureInfo.InvariantCulture),
                "Comment" => item.Comment,
                _ => null,
            };
            return value is not null;
        }

        private string Shortened(string text) => truncate && text.Length > CommandWidth ? text[..(CommandWidth - 1)] + "…" : text;
    }
}
