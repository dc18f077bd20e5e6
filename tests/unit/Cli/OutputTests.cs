using Vitrine.Cli.Output;
using Vitrine.Commands.Output;
using Vitrine.Engine.Docker;
using Xunit;

namespace Vitrine.Tests.Unit.Cli;

public sealed class OutputTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.2, "Less than a second")]
    [InlineData(1, "1 second")]
    [InlineData(59, "59 seconds")]
    [InlineData(60, "About a minute")]
    [InlineData(119, "About a minute")]
    [InlineData(120, "2 minutes")]
    [InlineData(3600, "About an hour")]
    [InlineData(5400, "2 hours")]
    [InlineData(172799, "2 days")]
    [InlineData(86400 * 13, "13 days")]
    [InlineData(86400 * 14, "2 weeks")]
    [InlineData(86400 * 60, "2 months")]
    [InlineData(86400 * 800, "2 years")]
    public void Duration_Seconds_AsDockerWords(double seconds, string expected) =>
        Assert.Equal(expected, HumanText.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(999, "999B")]
    [InlineData(4261550, "4.26MB")]
    [InlineData(77800000, "77.8MB")]
    [InlineData(188000000, "188MB")]
    [InlineData(1150000000, "1.15GB")]
    [InlineData(1000, "1kB")]
    public void Size_Bytes_HasThreeDigits(long bytes, string expected) => Assert.Equal(expected, HumanText.Size(bytes));

    [Theory]
    [InlineData(999, "999B")]
    [InlineData(1984312, "1.984MB")]
    [InlineData(204800, "204.8kB")]
    [InlineData(12345678, "12.35MB")]
    public void Size_OfASum_HasFourDigits(long bytes, string expected) => Assert.Equal(expected, HumanText.Size(bytes, 4));

    [Fact]
    public void Json_OfARow_EscapesWhatIsMarkupInAPage()
    {
        using var text = new StringWriter();
        RowFormat.Parse("json", "").Print(text, new HeaderRow(new Dictionary<string, string>()), [new HeaderRow(new Dictionary<string, string> { ["Ports"] = "1->2 & <none>" })]);
        Assert.Equal("{\"Ports\":\"1-\\u003e2 \\u0026 \\u003cnone\\u003e\"}\n", text.ToString());
    }

    [Fact]
    public void Align_Columns_AreAtLeastTenWideAndLastIsNotPadded()
    {
        Assert.Equal("NAME      DESCRIPTION\ndefault   x\n", TableWriter.Align("NAME\tDESCRIPTION\ndefault\tx\n"));
        Assert.Equal("A LONG NAME INDEED   X\ny                    \n", TableWriter.Align("A LONG NAME INDEED\tX\ny\t\n"));
    }

    [Fact]
    public void Align_LineWithoutTheColumn_BreaksIt() =>
        Assert.Equal("a         b\nplain\nwider than ten   c", TableWriter.Align("a\tb\nplain\nwider than ten\tc"));

    [Fact]
    public void Ps_DefaultTable_LooksLikeDockers()
    {
        var expected = """
            CONTAINER ID   IMAGE     COMMAND                  CREATED         STATUS         PORTS     NAMES
            0123456789ab   busybox   "sh -c 'sleep 1000; …"   2 minutes ago   Up 2 minutes   80/tcp    glass

            """;

        Assert.Equal(expected, Print(null, truncate: true));
    }

    [Theory]
    [InlineData("{{.ID}} {{.Names}}", "0123456789ab glass\n")]
    [InlineData("table {{.Names}}\\t{{.Label \"com.x.some-label\"}}", "NAMES     some label\nglass     yes\n")]
    [InlineData("table {{upper .Names}}", "NAMES\nGLASS\n")]
    [InlineData("{{.Labels}} {{.LocalVolumes}} {{.Mounts}} {{.Networks}} {{.Size}} {{.State}}", "a=1,com.x.some-label=yes 1 data,/a/very/long/p… none 10B (virtual 1kB) running\n")]
    public void Ps_Format_HasDockersFields(string format, string expected) => Assert.Equal(expected, Print(format, truncate: true));

    [Fact]
    public void Ps_NoTruncation_ShowsAll() =>
        Assert.Equal($"{Container.Id} \"sh -c 'sleep 1000; exit 1'\" data,/a/very/long/path/indeed\n", Print("{{.ID}} {{.Command}} {{.Mounts}}", truncate: false));

    [Fact]
    public void Ps_Json_HasSortedFields()
    {
        var json = Print("json", truncate: true);

        Assert.StartsWith("{\"Command\":\"\\\"sh -c", json, StringComparison.Ordinal);
        Assert.Contains("\"ID\":\"0123456789ab\",\"Image\":\"busybox\",\"Labels\":", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_Rows_OnePerTag()
    {
        var image = new ImageSummary
        {
            Id = "sha256:" + new string('a', 64),
            RepoTags = ["busybox:latest", "localhost:5000/b:1"],
            RepoDigests = ["busybox@sha256:" + new string('b', 64)],
            Size = 4_261_550,
            Created = s_now.AddDays(-20).ToUnixTimeSeconds(),
        };

        var table = PrintImages(null, withDigests: false, image);

        Assert.Equal("""
            REPOSITORY         TAG       IMAGE ID       CREATED       SIZE
            busybox            latest    aaaaaaaaaaaa   2 weeks ago   4.26MB
            localhost:5000/b   1         aaaaaaaaaaaa   2 weeks ago   4.26MB

            """, table);
    }

    [Fact]
    public void Images_WithoutName_IsNone()
    {
        var image = new ImageSummary { Id = "sha256:" + new string('a', 64) };

        Assert.Equal("<none> <none> <none>\n", PrintImages("{{.Repository}} {{.Tag}} {{.Digest}}", withDigests: true, image));
    }

    [Theory]
    [InlineData(0, 100L, "[>                                                 ]  0B/100B")]
    [InlineData(50, 100L, "[=========================>                        ]  50B/100B")]
    [InlineData(100, 100L, "[==================================================]  100B/100B")]
    [InlineData(1500, null, "1.5kB")]
    public void Bar_Progress_IsDrawn(long current, long? total, string expected) => Assert.Equal(expected, TransferDisplay.Bar(current, total));

    private static ContainerSummary Container { get; } = new()
    {
        Id = "0123456789abcdef" + new string('0', 48),
        Names = ["/glass"],
        Image = "busybox",
        ImageId = "sha256:" + new string('c', 64),
        Command = "sh -c 'sleep 1000; exit 1'",
        Created = s_now.AddSeconds(-125).ToUnixTimeSeconds(),
        Ports = [new Port { PrivatePort = 80, Type = "tcp" }],
        Labels = new Dictionary<string, string> { ["com.x.some-label"] = "yes", ["a"] = "1" },
        State = "running",
        Status = "Up 2 minutes",
        SizeRw = 10,
        SizeRootFs = 1000,
        HostConfig = new SummaryHostConfig(),
        NetworkSettings = new SummaryNetworkSettings { Networks = new Dictionary<string, EndpointSettings> { ["none"] = new() } },
        Mounts =
        [
            new MountPoint { Type = "volume", Name = "data", Source = "/v/data", Destination = "/d", Driver = "local" },
            new MountPoint { Type = "bind", Source = "/a/very/long/path/indeed", Destination = "/e" },
        ],
    };

    private static string Print(string? format, bool truncate)
    {
        using var output = new StringWriter();
        RowFormat.Parse(format, ContainerRow.DefaultColumns).Print(output, ContainerRow.Header, [new ContainerRow(Container, truncate, s_now)]);
        return output.ToString();
    }

    private static string PrintImages(string? format, bool withDigests, ImageSummary image)
    {
        using var output = new StringWriter();
        RowFormat.Parse(format, ImageRow.DefaultColumns).Print(output, ImageRow.Header, ImageRow.Of(image, withDigests, truncate: true, s_now));
        return output.ToString();
    }
}
