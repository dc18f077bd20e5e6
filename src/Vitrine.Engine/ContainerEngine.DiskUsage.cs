using Vitrine.Engine.Docker;
using Vitrine.Engine.Queries;

namespace Vitrine.Engine;

/// <content>What takes room on the disk.</content>
public sealed partial class ContainerEngine
{
    /// <summary>Images, containers and volumes with their sizes, which walks the files.</summary>
    public Task<DiskUsage> DiskUsageAsync(CancellationToken cancellation = default) => Blocking.Run(() => MeasureDisk(cancellation), cancellation);

    private DiskUsage MeasureDisk(CancellationToken cancellation)
    {
        var images = _images.Value.List();
        var layers = images.SelectMany(image => image.ChainIds).Distinct()
            .ToDictionary(chain => chain, chain => TreeSize.Of(_store.Paths.Layer(chain.ToString()), cancellation));
        var users = images.SelectMany(image => image.ChainIds.Distinct()).CountBy(chain => chain).ToDictionary();
        var counts = _containers.All().CountBy(found => found.Record.ImageId).ToDictionary();
        return new DiskUsage
        {
            LayersSize = layers.Values.Sum(),
            Images =
            [
                .. images.Select(image => ImageRecords.Summary(image, counts.GetValueOrDefault(image.Id.ToString())) with
                {
                    Size = image.ChainIds.Sum(chain => layers[chain]),
                    SharedSize = image.ChainIds.Sum(chain => users[chain] > 1 ? layers[chain] : 0),
                }),
            ],
            Containers = List(new ListOptions { All = true, Size = true }, cancellation),
            Volumes = VolumeService.List(s_noFilters, usage: true, cancellation).Volumes,
        };
    }
}

/// <summary>What takes room on the disk (GET /system/df).</summary>
public sealed record DiskUsage
{
    /// <summary>With Size, SharedSize and Containers.</summary>
    public required IReadOnlyList<ImageSummary> Images { get; init; }

    /// <summary>With SizeRw and SizeRootFs.</summary>
    public required IReadOnlyList<ContainerSummary> Containers { get; init; }

    /// <summary>With UsageData.</summary>
    public required IReadOnlyList<Volume> Volumes { get; init; }

    /// <summary>Bytes of all layers, each counted once.</summary>
    public long LayersSize { get; init; }
}
