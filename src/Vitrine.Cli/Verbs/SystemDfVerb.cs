using System.Globalization;
using Vitrine.Cli.Output;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Engine;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine system df</c></summary>
internal sealed class SystemDfVerb : Verb
{
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
        if (_verbose.Value && !string.IsNullOrEmpty(_format.Value))
            throw new VitrineException(ErrorKind.Invalid, "--format and --verbose cannot be used together");
        var usage = await cli.Engine.DiskUsageAsync();
        if (_verbose.Value)
            PrintAll(cli, usage);
        else
            RowFormat.Parse(_format.Value, UsageRow.DefaultColumns).Print(cli.Screen.Out, UsageRow.Header, UsageRow.Of(usage));
        return 0;
    }

    private static void PrintAll(CliContext cli, DiskUsage usage)
    {
        var now = cli.Time.GetUtcNow();
        Section(cli, "Images space usage:", "REPOSITORY\tTAG\tIMAGE ID\tCREATED\tSIZE\tSHARED SIZE\tUNIQUE SIZE\tCONTAINERS",
            usage.Images.Select(image => ImageLine(image, now)));
        Section(cli, "Containers space usage:", "CONTAINER ID\tIMAGE\tCOMMAND\tLOCAL VOLUMES\tSIZE\tCREATED\tSTATUS\tNAMES",
            usage.Containers.Select(container => ContainerLine(container, now)));
        Section(cli, "Local Volumes space usage:", "VOLUME NAME\tLINKS\tSIZE", usage.Volumes.Select(VolumeLine));
        Section(cli, "Build cache usage: 0B", "CACHE ID\tCACHE TYPE\tSIZE\tCREATED\tLAST USED\tUSAGE\tSHARED", []);
    }

    private static void Section(CliContext cli, string title, string header, IEnumerable<string> lines)
    {
        cli.Print(title);
        cli.Print("");
        cli.Print(TableWriter.Align(string.Join('\n', lines.Prepend(header))));
        cli.Print("");
    }

    private static string ImageLine(ImageSummary image, DateTimeOffset now)
    {
        var name = image.RepoTags is [var first, ..] ? first : "<none>:<none>";
        var colon = name.LastIndexOf(':');
        return string.Join('\t', name[..colon], name[(colon + 1)..], HumanText.ShortId(image.Id),
            HumanText.Ago(DateTimeOffset.FromUnixTimeSeconds(image.Created), now), HumanText.Size(image.Size), HumanText.Size(image.SharedSize),
            HumanText.Size(image.Size - image.SharedSize), Number(image.Containers));
    }

    private static string ContainerLine(ContainerSummary container, DateTimeOffset now) => string.Join('\t',
        HumanText.ShortId(container.Id), container.Image, '"' + HumanText.Shorten(container.Command, 20) + '"',
        Number(container.Mounts.Count(mount => mount.Driver == "local")), HumanText.Size(container.SizeRw),
        HumanText.Ago(DateTimeOffset.FromUnixTimeSeconds(container.Created), now), container.Status, container.Names[0].TrimStart('/'));

    private static string VolumeLine(Volume volume) =>
        string.Join('\t', volume.Name, Number(volume.UsageData?.RefCount ?? 0), HumanText.Size(volume.UsageData?.Size ?? 0));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
