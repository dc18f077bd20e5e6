using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Oci.Image;
using Vitrine.Oci.Image.Reading;
using Xunit;

namespace Vitrine.Tests.Unit.Oci;

/// <summary>The reader by hand gives what the serializer gives.</summary>
public sealed class ImageReaderTests
{
    private const string Hash = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Config = $$$"""
        {"created":"2024-01-02T03:04:05.678Z","author":"me","architecture":"arm64","os":"linux","os.version":"1","os.features":["f"],
        "variant":"v8","docker_version":"28","container_config":{"Cmd":["x"]},
        "config":{"User":"www","ExposedPorts":{"80/tcp":{}},"Env":["A=1"],"Entrypoint":["/e"],"Cmd":["c","d"],"Volumes":{"/v":{}},
        "WorkingDir":"/w","Labels":{"a":"b"},"StopSignal":"SIGQUIT","StopTimeout":3,"Healthcheck":{"Test":["CMD","t"],"Interval":1,
        "Timeout":2,"StartPeriod":3,"StartInterval":4,"Retries":5},"OnBuild":["RUN x"],"Shell":["/bin/sh"],"ArgsEscaped":true,"Memory":0},
        "rootfs":{"type":"layers","diff_ids":["{{{Hash}}}"]},
        "history":[{"created":"2024-01-01T00:00:00Z","created_by":"RUN","comment":"c","empty_layer":true,"more":1}]}
        """;

    private const string Index = $$$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","annotations":{"k":"v"},"manifests":[
        {"mediaType":"m","digest":"{{{Hash}}}","size":5,"urls":["u"],"annotations":{"org.opencontainers.image.ref.name":"x"},"data":"e30=",
        "platform":{"architecture":"amd64","os":"linux","variant":"v2","os.features":["x"]}},
        {"mediaType":"m","digest":"{{{Hash}}}","size":6}]}
        """;

    [Theory]
    [InlineData(Config)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":[]},"config":null,"history":null,"created":"soon"}""")]
    [InlineData("{}")]
    public void ReadConfig_Document_IsWhatTheSerializerReads(string json) => Assert.Equal(
        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, ImageJson.Default.ImageConfig)!, ImageJson.Default.ImageConfig),
        JsonSerializer.Serialize(ImageReader.ReadConfig(Encoding.UTF8.GetBytes(json)), ImageJson.Default.ImageConfig));

    [Theory]
    [InlineData(Index)]
    [InlineData("""{"schemaVersion":2,"manifests":[],"x":{"y":[1]}}""")]
    public void ReadIndex_Document_IsWhatTheSerializerReads(string json) => Assert.Equal(
        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, ImageJson.Default.ImageIndex)!, ImageJson.Default.ImageIndex),
        JsonSerializer.Serialize(ImageReader.ReadIndex(Encoding.UTF8.GetBytes(json)), ImageJson.Default.ImageIndex));

    [Theory]
    [InlineData("""{"schemaVersion":2}""")]
    [InlineData("""{"manifests":[{"mediaType":"m","size":1}]}""")]
    [InlineData("""{"manifests":[{"mediaType":"m","digest":"sha256:00","size":1}]}""")]
    [InlineData("""{"manifests":[null]}""")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"manifests":[]} x""")]
    public void ReadIndex_NoIndex_IsMalformed(string json) =>
        Assert.ThrowsAny<JsonException>(() => ImageReader.ReadIndex(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Read_DamagedDocument_IsReadOrMalformed()
    {
        Prop.ForAll<ushort, byte>((at, value) =>
        {
            var config = Encoding.UTF8.GetBytes(Config);
            config[at % config.Length] = value;
            Try(() => ImageReader.ReadConfig(config));
            var index = Encoding.UTF8.GetBytes(Index);
            index[at % index.Length] = value;
            Try(() => ImageReader.ReadIndex(index));
        }).QuickCheckThrowOnFailure();

        static void Try(Action read)
        {
            try
            {
                read();
            }
            catch (JsonException)
            {
            }
        }
    }
}
