using Vitrine.Cli.Output;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Engine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine system df</c></summary>
internal sealed class SystemDfVerb : Verb
{
    private const string ImageColumns = "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}";
    private const string ContainerColumns = "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}";
    private const string VolumeColumns = "table {{.Name}}\t{{.Links}}\t{{.Size}}";

    private readonly ValueFlag<string> _format;
    private readonly BoolFlag _verbose;

    public SystemDfVerb()
    {
        _format = Flags.Add(FormatFlag.Rows());
        _verbose = Flags.Bool("verbose", 'v', "Show detailed information on space usage");
    }

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var usage = await cli.Engine.DiskUsageAsync();
        if (!_verbose.Value)
            RowFormat.Parse(_format.Value, UsageRow.DefaultColumns).Print(cli.Screen.Out, UsageRow.Header, UsageRow.Of(usage));
        else if (_format.Value is { Length: > 0 } and not "table" and var format)
            PrintFormatted(cli, format, usage);
        else
            PrintAll(cli, usage);
        return 0;
    }

    /// <summary>One template over everything, as docker has it: .Images, .Containers, .Volumes and .BuildCache.</summary>
    private static void PrintFormatted(CliContext cli, string format, DiskUsage usage)
    {
        var all = new TemplateMap(isOpen: false)
        {
            ["Images"] = Images(usage, cli, truncate: false),
            ["Containers"] = Containers(usage, cli, truncate: false),
            ["Volumes"] = Volumes(usage),
            ["BuildCache"] = new List<object?>(),
        };
        Template.ParseFormat(format == "json" ? "{{json .}}" : format).Execute(cli.Screen.Out, all);
    }

    private static void PrintAll(CliContext cli, DiskUsage usage)
    {
        Section(cli, "Images space usage:", ImageColumns, ImageRow.Header, Images(usage, cli, truncate: true));
        Section(cli, "Containers space usage:", ContainerColumns, ContainerRow.Header, Containers(usage, cli, truncate: true));
        Section(cli, "Local Volumes space usage:", VolumeColumns, VolumeRow.Header, Volumes(usage));
        cli.Print("Build cache usage: 0B\n");
        cli.Print(TableWriter.Align("CACHE ID\tCACHE TYPE\tSIZE\tCREATED\tLAST USED\tUSAGE\tSHARED"));
    }

    private static void Section(CliContext cli, string title, string columns, HeaderRow header, IEnumerable<object?> rows)
    {
        cli.Print(title + "\n");
        RowFormat.Parse(columns, "").Print(cli.Screen.Out, header, rows.Cast<ITemplateObject>());
        cli.Print("");
    }

    private static List<object?> Images(DiskUsage usage, CliContext cli, bool truncate) =>
        [.. usage.Images.Select(image => ImageRow.Of(image, withDigests: false, truncate, cli.Time.GetUtcNow()).First())];

    private static List<object?> Containers(DiskUsage usage, CliContext cli, bool truncate) =>
        [.. usage.Containers.Select(container => new ContainerRow(container with { SizeRootFs = 0 }, truncate, cli.Time.GetUtcNow()))];

    private static List<object?> Volumes(DiskUsage usage) => [.. usage.Volumes.Select(volume => new VolumeRow(volume))];
}
