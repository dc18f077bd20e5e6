using Vitrine.Insight.Host;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>
/// Of a bundle's config.json what says whose it is: the annotations that CRI implementations leave there, and where the
/// engine's own files of the container are.
/// </summary>
internal sealed record SpecAnnotations
{
    private const string Cri = "io.kubernetes.cri.";
    private const string Crio = "io.kubernetes.cri-o.";

    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>The sources of bind mounts by their destinations, of those that engines make: /etc/hostname and its like.</summary>
    public required IReadOnlyDictionary<string, string> EngineFiles { get; init; }

    /// <exception cref="System.Text.Json.JsonException">It is no JSON.</exception>
    public static SpecAnnotations Read(ReadOnlySpan<byte> utf8)
    {
        var values = new Dictionary<string, string>();
        var files = new Dictionary<string, string>();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "annotations": values = json.TextMap(); break;
                case "mounts":
                    foreach (var (destination, source) in json.List(ReadMount))
                    {
                        if (destination.StartsWith("/etc/", StringComparison.Ordinal))
                            files[destination] = source;
                    }

                    break;
                default: json.Skip(); break;
            }
        }

        return new SpecAnnotations { Values = values, EngineFiles = files };
    }

    /// <summary>The record that the annotations of containerd's CRI plugin, of CRI-O or of nerdctl amount to.</summary>
    public ContainerRecord ToRecord()
    {
        var manager = Values.GetValueOrDefault("io.container.manager");
        if (manager == "cri-o" || Values.ContainsKey(Crio + "ContainerType"))
            return FromCrio();
        return Values.ContainsKey(Cri + "container-type") ? FromCri() : new ContainerRecord
        {
            Engine = manager == "libpod" ? "podman" : null,
            Name = Values.GetValueOrDefault("nerdctl/name"),
        };
    }

    /// <summary>containerd, pkg/cri/annotations: names of the sandbox and of the container in it.</summary>
    private ContainerRecord FromCri() => Named("containerd", Values.GetValueOrDefault(Cri + "image-name"), new KubernetesPlace
    {
        Namespace = Values.GetValueOrDefault(Cri + "sandbox-namespace"),
        Pod = Values.GetValueOrDefault(Cri + "sandbox-name"),
        PodUid = Values.GetValueOrDefault(Cri + "sandbox-uid"),
        Container = Values.GetValueOrDefault(Cri + "container-type") == "sandbox" ? null : Values.GetValueOrDefault(Cri + "container-name"),
    });

    /// <summary>CRI-O, pkg/annotations; the kubelet's own labels are among them.</summary>
    private ContainerRecord FromCrio() => Named("cri-o", Values.GetValueOrDefault(Crio + "ImageName"), new KubernetesPlace
    {
        Namespace = Values.GetValueOrDefault("io.kubernetes.pod.namespace"),
        Pod = Values.GetValueOrDefault("io.kubernetes.pod.name") ?? Values.GetValueOrDefault(Crio + "KubeName"),
        PodUid = Values.GetValueOrDefault("io.kubernetes.pod.uid"),
        Container = Values.GetValueOrDefault(Crio + "ContainerType") == "sandbox" ? null : Values.GetValueOrDefault("io.kubernetes.container.name"),
    });

    private static ContainerRecord Named(string engine, string? image, KubernetesPlace place) =>
        new() { Engine = engine, Image = image, Kubernetes = place, Name = place.Title };

    private static (string Destination, string Source) ReadMount(ref JsonCursor json)
    {
        var (destination, source) = ("", "");
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "destination": destination = json.Text(); break;
                case "source": source = json.Text(); break;
                default: json.Skip(); break;
            }
        }

        return (destination, source);
    }
}
