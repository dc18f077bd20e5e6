using System.Text;
using Vitrine.Insight.Stores;
using Vitrine.Oci;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Stores;

/// <summary>Images of other engines, in trees with the files that they have.</summary>
public sealed class EngineImageTests : IDisposable
{
    private const string Container = "c0ffee";
    private static readonly string s_below = "sha256:" + new string('a', 64);
    private static readonly string s_above = "sha256:" + new string('b', 64);
    private static readonly string s_image = new('c', 64);
    private static readonly string s_config = $$"""
        {"created":"2024-05-06T07:08:09Z","architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin","A=b"]},"rootfs":{"type":"layers","diff_ids":["{{s_below}}","{{s_above}}"]},
         "history":[{"created_by":"ADD base"},{"created_by":"ENV A=b","empty_layer":true},{"created_by":"RUN make"}]}
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly StoreFiles _files;

    public EngineImageTests() => _files = new StoreFiles(_directory.Path);

    public void Dispose()
    {
        _files.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Docker_LayersAreTheGraphDrivers_AndTheEnginesOwnIsToldApart()
    {
        Write($"/d/image/overlay2/imagedb/content/sha256/{s_image}", s_config);
        Write($"/d/image/overlay2/layerdb/{s_below.Replace(':', '/')}/cache-id", "one");
        Write($"/d/image/overlay2/layerdb/{s_below.Replace(':', '/')}/size", "100");
        Write($"/d/image/overlay2/layerdb/{Chain()}/cache-id", "two");
        Write($"/d/image/overlay2/layerdb/mounts/{Container}/init-id", "three-init");

        var image = DockerImages.Find(_files, "/d", "overlay2", "sha256:" + s_image, Container)!;

        Assert.Equal(
            [("/d/overlay2/one/diff", s_below, "ADD base", 100L, false), ("/d/overlay2/two/diff", s_above, "RUN make", null, false), ("/d/overlay2/three-init/diff", null, null, null, true)],
            image.Layers.Select(layer => (layer.Directory, layer.Digest, layer.CreatedBy, layer.SizeBytes, layer.ByEngine)));
        Assert.Equal((2024, "/d/overlay2"), (image.Config!.Created!.Value.Year, image.LayerRoot));
        Assert.Equal(["PATH=/bin", "A=b"], image.Config.Config!.Env!);
    }

    [Theory]
    [InlineData("../../etc", "x")]
    [InlineData("overlay2", "../../../etc/passwd")]
    [InlineData("overlay2", "")]
    public void Docker_RecordThatLeadsElsewhere_IsNoImage(string driver, string id) => Assert.Null(DockerImages.Find(_files, "/d", driver, id, Container));

    [Fact]
    public void Docker_RemovedImage_IsNotKnown()
    {
        var image = DockerImages.Find(_files, "/d", "overlay2", "sha256:" + s_image, Container)!;

        Assert.Null(image.Config);
        Assert.Empty(image.Layers);
    }

    [Fact]
    public void Podman_LayersAreTheChainOfTheList()
    {
        var name = Convert.ToBase64String(Encoding.UTF8.GetBytes("sha256:" + s_image));
        Write($"/p/overlay-images/{s_image}/={name}", s_config);
        Write("/p/overlay-images/images.json", $$"""[{"id":"other","layer":"z"},{"id":"{{s_image}}","names":["x"],"layer":"top"}]""");
        Write("/p/overlay-layers/layers.json", """[{"id":"top","parent":"base"},{"id":"base","diff-digest":"sha256:x"},{"id":"z"}]""");

        var image = PodmanImages.Find(_files, "/p/overlay-containers", s_image)!;

        Assert.Equal([("/p/overlay/base/diff", s_below, "ADD base"), ("/p/overlay/top/diff", s_above, "RUN make")], image.Layers.Select(layer => (layer.Directory, layer.Digest, layer.CreatedBy)));
    }

    [Fact]
    public void Podman_LayersInACircle_End()
    {
        Write($"/p/overlay-images/{s_image}/={Convert.ToBase64String(Encoding.UTF8.GetBytes("sha256:" + s_image))}", s_config);
        Write("/p/overlay-images/images.json", $$"""[{"id":"{{s_image}}","layer":"a"}]""");
        Write("/p/overlay-layers/layers.json", """[{"id":"a","parent":"b"},{"id":"b","parent":"a"}]""");

        Assert.Equal(["/p/overlay/b/diff", "/p/overlay/a/diff"], PodmanImages.Find(_files, "/p/overlay-containers", s_image)!.Layers.Select(layer => layer.Directory));
    }

    [Fact]
    public void Podman_Ports_AreTheDatabases()
    {
        const string Ports = """{"id":"c0ffee","newPortMappings":[{"host_ip":"","container_port":80,"host_port":8080,"range":2,"protocol":"tcp"},{"host_ip":"127.0.0.1","container_port":53,"host_port":53,"range":1,"protocol":"udp"}]}""";
        Write("/p/libpod/bolt_state.db", BoltBuilder.File(BoltBuilder.Bucket(("ctr", BoltBuilder.Bucket((Container, BoltBuilder.Bucket(("config", Ports))))))));

        Assert.Equal([("tcp", "0.0.0.0", 8080, 80), ("tcp", "0.0.0.0", 8081, 81), ("udp", "127.0.0.1", 53, 53)],
            Podman("/p").Find(Container)!.Ports.Select(port => (port.Protocol, port.HostAddress, port.HostPort, port.Port)));
        Assert.Null(Podman("/p").Find("another"));
        Assert.Null(Podman("/q").Find(Container));
    }

    /// <summary>A range is a number: a short record could ask for more ports than there is memory.</summary>
    [Fact]
    public void Podman_PortsWithoutEnd_AreBounded()
    {
        var ranges = string.Join(',', Enumerable.Repeat("""{"range":65535}""", 20));
        Write("/p/libpod/bolt_state.db", BoltBuilder.File(BoltBuilder.Bucket(("ctr", BoltBuilder.Bucket((Container, BoltBuilder.Bucket(("config", $$"""{"newPortMappings":[{{ranges}}]}"""))))))));

        Assert.Equal(3 * 65535, Podman("/p").Find(Container)!.Ports.Count);
    }

    [Fact]
    public void Containerd_ImageAndLayersAreTheDatabases()
    {
        var (index, manifest, config) = (new string('1', 64), new string('2', 64), new string('3', 64));
        Blob(index, $$"""{"manifests":[{"digest":"sha256:{{new string('9', 64)}}"},{"digest":"sha256:{{manifest}}"}]}""");
        Blob(manifest, $$"""{"config":{"digest":"sha256:{{config}}"},"layers":[]}""");
        Blob(config, s_config);
        Write("/c/io.containerd.metadata.v1.bolt/meta.db", BoltBuilder.File(BoltBuilder.Bucket(("v1", BoltBuilder.Bucket(("default", BoltBuilder.Bucket(
            ("containers", BoltBuilder.Bucket((Container, BoltBuilder.Bucket(("image", "docker.io/library/web:1"))), ("rootfs", BoltBuilder.Bucket(("snapshotKey", "x"))))),
            ("images", BoltBuilder.Bucket(("docker.io/library/web:1", BoltBuilder.Bucket(("target", BoltBuilder.Bucket(("digest", "sha256:" + index))))))),
            ("snapshots", BoltBuilder.Bucket(("overlayfs", BoltBuilder.Bucket(
                (s_below, BoltBuilder.Bucket(("name", "default/1/below"))),
                (Chain().Replace('/', ':'), BoltBuilder.Bucket(("name", "default/2/above"))))))))))))));
        Write("/c/io.containerd.snapshotter.v1.overlayfs/metadata.db", BoltBuilder.File(BoltBuilder.Bucket(("v1", BoltBuilder.Bucket(("snapshots", BoltBuilder.Bucket(
            ("default/1/below", BoltBuilder.Bucket(("id", new byte[] { 5 }))),
            ("default/2/above", BoltBuilder.Bucket(("id", new byte[] { 0xAC, 0x02 }))))))))));
        using var records = new ContainerdRecords(_files, "/c");

        var image = records.Image("default", records.ImageName("default", Container)!)!;

        Assert.Equal([("/c/io.containerd.snapshotter.v1.overlayfs/snapshots/5/fs", s_below), ("/c/io.containerd.snapshotter.v1.overlayfs/snapshots/300/fs", s_above)],
            image.Layers.Select(layer => (layer.Directory, layer.Digest)));
        Assert.Null(records.ImageName("k8s.io", Container));
        Assert.Null(records.Image("default", "another")!.Config);
    }

    [Theory]
    [InlineData("/var/lib/containerd/io.containerd.runtime.v2.task/default/web", "/var/lib/containerd")]
    [InlineData("/elsewhere", null)]
    [InlineData(null, null)]
    public void Containerd_Root_IsWhereTheBundlesWorkLeads(string? work, string? root) => Assert.Equal(root, ContainerdRecords.RootOf(work));

    [Theory]
    [InlineData("{}", "runc")]
    [InlineData("""{"binary_name":"/usr/bin/vitrine-oci","root":"/run"}""", "/usr/bin/vitrine-oci")]
    [InlineData("nothing", null)]
    public void Containerd_Runtime_IsTheShims(string options, string? runtime)
    {
        Write("/b/options.json", options);

        Assert.Equal(runtime, ShimOptions.Runtime(_files, "/b"));
        Assert.Null(ShimOptions.Runtime(_files, "/none"));
    }

    private static string Chain() => ChainId.Of([Digest.Parse(s_below), Digest.Parse(s_above)])[1].ToString().Replace(':', '/');

    private PodmanDatabase Podman(string root) => new(_files, $"{root}/overlay-containers");

    private void Blob(string hex, string text) => Write($"/c/io.containerd.content.v1.content/blobs/sha256/{hex}", text);

    private void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    private void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory.Path + path)!);
        File.WriteAllBytes(_directory.Path + path, bytes);
    }
}
