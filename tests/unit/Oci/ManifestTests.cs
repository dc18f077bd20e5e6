using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Oci;
using Vitrine.Oci.Image;
using Xunit;

namespace Vitrine.Tests.Unit.Oci;

public sealed class ManifestTests
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string ManifestText =
        $$$"""
        {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}",
         "config":{"mediaType":"{{{MediaTypes.OciConfig}}}","digest":"{{{Digest}}}","size":2},
         "layers":[{"mediaType":"{{{MediaTypes.OciLayerGzip}}}","digest":"{{{Digest}}}","size":3,"annotations":{"a":"b"},"odd":1}],
         "extra":{"kept":true}}
        """;

    private const string IndexText =
        $$$"""
        {"schemaVersion":2,"manifests":[{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{Digest}}}","size":7,
         "platform":{"architecture":"arm","os":"linux","variant":"v7"}}]}
        """;

    [Fact]
    public void Parse_Manifest_ReadsItAndKeepsTheUnknown()
    {
        var manifest = Assert.IsType<Manifest>(Parse(ManifestText));

        Assert.Equal(2, manifest.Config.Size);
        var layer = Assert.Single(manifest.Layers);
        Assert.Equal("b", layer.Annotation("a"));
        Assert.True(layer.Unknown!.ContainsKey("odd"));
        Assert.True(manifest.Unknown!.ContainsKey("extra"));
    }

    [Fact]
    public void Parse_IndexWithoutMediaType_IsAnIndex()
    {
        var index = Assert.IsType<ImageIndex>(Parse(IndexText));

        Assert.Equal("linux/arm/v7", Assert.Single(index.Manifests).Platform!.ToString());
    }

    [Fact]
    public void Parse_ContentTypeWithParameters_IsUnderstood() =>
        Assert.IsType<Manifest>(Parse(ManifestText, MediaTypes.OciManifest + "; charset=utf-8"));

    [Theory]
    [InlineData("null", "it is null")]
    [InlineData("[]", "")]
    [InlineData("{}", "")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}", "fields of both")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":null,\"mediaType\":\"application/vnd.oci.image.index.v1+json\"}", "manifests are null")]
    [InlineData("{\"schemaVersion\":3,\"manifests\":[]}", "schema version is 3")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[null]}", "descriptor without")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"x\",\"digest\":\"sha256:../\",\"size\":1}]}", "checksum digest length")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"x\",\"digest\":\"" + Digest + "\",\"size\":-1}]}", "descriptor without")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"application/x\"}", "unsupported media type application/x")]
    [InlineData("{\"schemaVersion\":1,\"fsLayers\":[]}", "schema 1 are not supported")]
    public void Parse_Malformed_SaysWhy(string json, string reason)
    {
        var error = Assert.Throws<VitrineException>(() => Parse(json));

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ServedAsSomethingElse_IsRefused() =>
        Assert.Contains("but it was served as", Assert.Throws<VitrineException>(
            () => Parse(ManifestText, MediaTypes.DockerManifest)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_OverTheBound_IsRefused() =>
        Assert.Throws<VitrineException>(() => ManifestParser.Parse(new byte[ManifestParser.MaxSize + 1]));

    /// <summary>Whatever one mutated node of a good document is, the parser answers or refuses; it never fails otherwise.</summary>
    [Fact]
    public void Parse_MutatedDocument_NeverFailsOtherwise() =>
        Prop.ForAll(Arb.From(Mutants), AnswersOrRefuses).Check(Properties.Config(2_000));

    [Fact]
    public void Parse_AnyBytes_NeverFailsOtherwise() =>
        Prop.ForAll<byte[]>(bytes => AnswersOrRefuses(Encoding.Latin1.GetString(bytes))).QuickCheckThrowOnFailure();

    private static Gen<string> Mutants =>
        from text in Gen.Elements(ManifestText, IndexText)
        from at in Gen.Choose(0, text.Length - 1)
        from length in Gen.Choose(0, 40)
        from insert in Gen.Elements("null", "[]", "{}", "1", "-1", "1e999", "\"\"", "\"", ",", "", "true", "\u0000", "\\u0000")
        select text[..at] + insert + text[Math.Min(text.Length, at + length)..];

    private static bool AnswersOrRefuses(string json)
    {
        try
        {
            return Parse(json) is Manifest { Config: not null, Layers: not null } or ImageIndex { Manifests: not null };
        }
        catch (VitrineException)
        {
            return true;
        }
    }

    [Fact]
    public void Config_OfDocker_ReadsItsFieldsAndKeepsTheUnknown()
    {
        var config = ImageConfig.Parse(Encoding.UTF8.GetBytes(
            $$$"""
            {"architecture":"amd64","os":"linux","created":"2024-05-06T07:08:09.123456789Z","docker_version":"1","container_config":{"X":1},
             "config":{"User":"www","ExposedPorts":{"80/tcp":{}},"Env":["A=b"],"Entrypoint":null,"Cmd":["x"],"Volumes":{"/data":{}},
              "Healthcheck":{"Test":["CMD","true"],"Interval":5000000000},"OnBuild":["RUN x"],"Shell":["/bin/bash","-c"],"Image":"sha256:x"},
             "rootfs":{"type":"layers","diff_ids":["{{{Digest}}}"]},"history":[{"created_by":"x","empty_layer":true}]}
            """));

        Assert.Equal("linux/amd64", config.Platform!.ToString());
        Assert.Equal(123, config.Created!.Value.Millisecond);
        Assert.Equal("www", config.Config!.User);
        Assert.Equal(["/data"], config.Config.Volumes!.Keys);
        Assert.Equal(5_000_000_000, config.Config.Healthcheck!.Interval);
        Assert.Equal(["RUN x"], config.Config.OnBuild);
        Assert.Equal(["/bin/bash", "-c"], config.Config.Shell);
        Assert.True(config.Unknown!.ContainsKey("container_config"));
        Assert.True(config.Config.Unknown!.ContainsKey("Image"));
        Assert.True(Assert.Single(config.History!).EmptyLayer);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\"yesterday\"")]
    [InlineData("12")]
    public void Config_UnreadableTime_IsAbsent(string time) =>
        Assert.Null(ImageConfig.Parse(Encoding.UTF8.GetBytes(
            $$$"""{"created":{{{time}}},"rootfs":{"type":"layers","diff_ids":[]}}""")).Created);

    [Theory]
    [InlineData("null")]
    [InlineData("{\"rootfs\":{\"type\":\"tarball\"}}")]
    [InlineData("{\"rootfs\":null}")]
    [InlineData("{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":null}}")]
    [InlineData("{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[null]}}")]
    [InlineData("{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:zz\"]}}")]
    public void Config_WithoutLayers_IsRefused(string json) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => ImageConfig.Parse(Encoding.UTF8.GetBytes(json))).Kind);

    [Fact]
    public void Config_WrittenAndRead_KeepsGoSpelling()
    {
        var config = new ImageConfig
        {
            Architecture = "amd64",
            Os = "linux",
            Config = new ImageExecution { Cmd = ["sh"], Volumes = new Dictionary<string, EmptyObject?> { ["/v"] = EmptyObject.Instance } },
        };

        var node = JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(config, ImageJson.Default.ImageConfig))!;

        Assert.Equal("{\"type\":\"layers\",\"diff_ids\":[]}", node["rootfs"]!.ToJsonString());
        Assert.Equal("{\"Cmd\":[\"sh\"],\"Volumes\":{\"/v\":{}}}", node["config"]!.ToJsonString());
        Assert.Null(node["Platform"]);
    }

    private static ManifestDocument Parse(string json, string? contentType = null) =>
        ManifestParser.Parse(Encoding.UTF8.GetBytes(json), contentType);
}
