using Vitrine.Cli.Output;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Engine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine images</c></summary>
internal sealed class ImagesVerb : Verb
{
    private readonly BoolFlag _digests;
    private readonly BoolFlag _noTruncation;
    private readonly BoolFlag _quiet;
    private readonly BoolFlag _tree;
    private readonly ListFlag<Filter> _filters;
    private readonly ValueFlag<string> _format;

    public ImagesVerb()
    {
        Flags.Add(new BoolFlag("all", 'a', "Show all images (there are no hidden ones)") { WithoutEffect = "there are no intermediate images to hide" });
        _digests = Flags.Bool("digests", "Show digests");
        _filters = Flags.Add(Filter.Flag());
        _format = Flags.Add(FormatFlag.Rows());
        _noTruncation = Flags.Bool("no-trunc", "Don't truncate output");
        _quiet = Flags.Bool("quiet", 'q', "Only show image IDs");
        _tree = Flags.Bool("tree", "List images with their platforms and sizes as a tree");
    }

    public override string Usage => "[OPTIONS] [REPOSITORY[:TAG]]";

    public override ArgumentCount Arguments => ArgumentCount.AtMost(1);

    public override Operand Completes => Operand.Image;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (_tree.Value)
        {
            if (_quiet.Value || _noTruncation.Value || _digests.Value || _format.IsSet)
                throw new VitrineException(ErrorKind.Invalid, "conflicting options: --tree goes with none of --quiet, --no-trunc, --digests and --format");
            return await TreeAsync(cli, arguments);
        }

        var wanted = cli.Format(_format.Value, _quiet.Value, "{{.ID}}", preferences => preferences.ImagesFormat);
        var withDigests = _digests.Value || wanted?.Contains(".Digest", StringComparison.Ordinal) == true;
        var format = RowFormat.Parse(wanted, _digests.Value ? ImageRow.DigestColumns : ImageRow.DefaultColumns);
        var images = await cli.Engine.ListImagesAsync(new ImageListOptions { Filters = Filters(arguments) });
        var now = cli.Time.GetUtcNow();
        var rows = images.SelectMany(image => ImageRow.Of(image, withDigests, !_noTruncation.Value, now));
        format.Print(cli.Screen.Out, ImageRow.Header, rows);
        return 0;
    }

    private async Task<int> TreeAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var images = await cli.Engine.ListImagesAsync(new ImageListOptions { Filters = Filters(arguments), CountContainers = true });
        cli.Screen.Out.Write(ImageTree.Draw(images, cli.Engine.Images.Get));
        return 0;
    }

    private Dictionary<string, IReadOnlyList<string>> Filters(IReadOnlyList<string> arguments) =>
        Filter.ToMap(_filters.Values.Concat(arguments.Where(static name => name.Length > 0).Select(static name => new Filter("reference", name))));
}
