using Vitrine.Insight.Host;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>Docker's record of a container: DATA_ROOT/containers/ID/config.v2.json.</summary>
internal static class DockerRecords
{
    public const string DefaultRoot = "/var/lib/docker";

    /// <summary>What a data root says of a container.</summary>
    /// <param name="files">The engine's files.</param>
    /// <param name="dataRoot">/var/lib/docker.</param>
    /// <param name="id">The container.</param>
    /// <param name="containerd">The records of the containerd that runs it, for an image that is in its store.</param>
    public static ContainerRecord? Find(StoreFiles files, string dataRoot, string id, Func<ContainerdRecords> containerd)
    {
        var path = PathOf(dataRoot, id);
        if (files.Read(path, Read) is not { } found)
            return null;
        var (record, driver, manifest) = found;
        return record with
        {
            FilesWithEnvironment = [files.OnHost(path)],
            ReadImage = record.ImageId is not { } image ? null
                : driver == DockerImages.Snapshotter ? () => DockerImages.FindIn(containerd(), manifest ?? image, id)
                : () => DockerImages.Find(files, dataRoot.TrimEnd('/'), driver, image, id),
            Ports = [.. record.Ports.Select(port => port with { Element = $"{path}: {port.Element}" })],
        };
    }

    /// <summary>The data root that a container's own files are in: <c>/etc/hostname</c> is DATA_ROOT/containers/ID/hostname.</summary>
    public static string? RootOf(SpecAnnotations spec, string id)
    {
        foreach (var source in spec.EngineFiles.Values)
        {
            var end = source.IndexOf($"/containers/{id}/", StringComparison.Ordinal);
            if (end > 0)
                return source[..end];
        }

        return null;
    }

    /// <summary>The data root in dockerd's arguments; null where they do not say.</summary>
    public static string? RootOf(IReadOnlyList<string> arguments) =>
        SupervisorLine.Value(arguments, "-g", "--data-root") ?? SupervisorLine.Value(arguments, "-g", "--graph");

    private static string PathOf(string dataRoot, string id) => $"{dataRoot.TrimEnd('/')}/containers/{id}/config.v2.json";

    private sealed record Found(ContainerRecord Record, string Driver, string? Manifest);

    private static Found Read(ReadOnlySpan<byte> utf8)
    {
        var (record, driver, manifest) = (new ContainerRecord { Engine = "docker" }, "", (string?)null);
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Name": record = record with { Name = json.Text().TrimStart('/') }; break;
                case "Config": record = ReadConfig(ref json, record); break;
                case "Image": record = record with { ImageId = json.Text() }; break;
                case "Driver": driver = json.Text(); break;
                case "ImageManifest": manifest = json.Member("digest", static (ref JsonCursor digest) => digest.Text()); break;
                case "NetworkSettings": record = record with { Ports = DockerPorts.Read(ref json) }; break;
                default: json.Skip(); break;
            }
        }

        return new Found(record, driver, manifest);
    }

    private static ContainerRecord ReadConfig(ref JsonCursor json, ContainerRecord record)
    {
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Image": record = record with { Image = json.Text() }; break;
                case "Labels": record = record with { Kubernetes = Place(json.TextMap()) }; break;
                default: json.Skip(); break;
            }
        }

        return record;
    }

    /// <summary>The labels that cri-dockerd, as the kubelet before it, gives the containers of pods.</summary>
    private static KubernetesPlace? Place(Dictionary<string, string> labels) =>
        !labels.TryGetValue("io.kubernetes.pod.name", out var pod) ? null : new KubernetesPlace
        {
            Pod = pod,
            Namespace = labels.GetValueOrDefault("io.kubernetes.pod.namespace"),
            PodUid = labels.GetValueOrDefault("io.kubernetes.pod.uid"),
            Container = labels.GetValueOrDefault("io.kubernetes.container.name") is var name && name == "POD" ? null : name,
        };
}
