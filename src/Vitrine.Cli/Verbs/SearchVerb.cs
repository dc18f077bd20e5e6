using System.Globalization;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Engine;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine search</c></summary>
internal sealed class SearchVerb : Verb
{
    private const string Columns = "{{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}";
    private const int DefaultLimit = 25;

    private readonly ListFlag<Filter> _filters;
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<long?> _limit;
    private readonly BoolFlag _noTruncation;

    public SearchVerb()
    {
        _filters = Flags.Add(Filter.Flag());
        _format = Flags.Text("format", "Pretty-print search using a Go template");
        _limit = Flags.Integer("limit", "Max number of search results");
        _noTruncation = Flags.Bool("no-trunc", "Don't truncate output");
    }

    public override string Usage => "[OPTIONS] TERM";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var limit = (int)Math.Clamp(_limit.Value is null or 0 ? DefaultLimit : _limit.Value.Value, -1, int.MaxValue);
        using var interrupt = new Interrupt();
        var found = await ContainerEngine.SearchAsync(arguments[0], limit, Filter.ToMap(_filters.Values), interrupt.Token);
        RowFormat.Parse(_format.Value, Columns).Print(cli.Screen.Out, Row.Header, found.Select(result => new Row(result, !_noTruncation.Value)));
        return 0;
    }

    private sealed class Row(SearchResult result, bool truncate) : ITemplateObject
    {
        private const int DescriptionWidth = 45;

        public static HeaderRow Header { get; } = new(new Dictionary<string, string>
        {
            ["Name"] = "NAME",
            ["Description"] = "DESCRIPTION",
            ["StarCount"] = "STARS",
            ["IsOfficial"] = "OFFICIAL",
            ["IsAutomated"] = "AUTOMATED",
        });

        public string TypeName => "*formatter.searchContext";

        public IEnumerable<string> FieldNames { get; } = ["Description", "IsAutomated", "IsOfficial", "Name", "StarCount"];

        public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
        {
            value = name switch
            {
                "Name" => result.Name,
                "Description" => Shortened(result.Description.ReplaceLineEndings(" ")),
                "StarCount" => result.StarCount.ToString(CultureInfo.InvariantCulture),
                "IsOfficial" => result.IsOfficial ? "[OK]" : "",
                "IsAutomated" => "",
                _ => null,
            };
            return value is not null;
        }

        private string Shortened(string text) => truncate && text.Length > DescriptionWidth ? text[..(DescriptionWidth - 1)] + "…" : text;
    }
}
