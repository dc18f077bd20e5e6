using Vitrine.Images.Layers;
using Vitrine.Images.Tar;
using Vitrine.Tests.Unit.Images.Tar;
using Xunit;

namespace Vitrine.Tests.Unit.Images.Layers;

public sealed class LayerExtractorTests
{
    [Fact]
    public void Run_OfAllKinds_TellsTheSink() => Assert.Equal(
        ["dir etc", "file etc/motd hello (5)", "symlink etc/link -> ../motd", "link etc/hard -> etc/motd", "node dev/null", "end"],
        Extract(
            Item.Directory("./"), Item.Directory("./etc/"), Item.File("./etc/motd", "hello"), Item.Symlink("/etc/link", "../motd"),
            Item.HardLink("etc/hard", "/etc/motd"), new Item(TarType.CharacterDevice, "dev/null")));

    [Fact]
    public void Run_OfWhiteouts_TellsWhatTheyHide() => Assert.Equal(
        ["whiteout a/gone", "opaque a/b", "opaque ", "end"],
        Extract(Item.File("a/.wh.gone"), Item.File("a/b/.wh..wh..opq"), Item.File(".wh..wh..opq"), Item.File(".wh..wh.plnk")));

    [Theory]
    [InlineData("../escape")]
    [InlineData("/../../escape")]
    [InlineData("a/../../.wh.etc")]
    [InlineData("a/.wh.")]
    [InlineData("a/.wh..")]
    [InlineData("a/.wh...")]
    public void Run_OfANameThatLeadsOut_IsRefused(string name)
    {
        var error = Assert.Throws<VitrineException>(() => Extract(Item.File(name)));

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/shadow")]
    [InlineData("a/../..")]
    [InlineData("/")]
    public void Run_OfAHardLinkThatLeadsOut_IsRefused(string target) =>
        Assert.Throws<VitrineException>(() => Extract(Item.HardLink("a", target)));

    [Fact]
    public void Run_OfARootThatIsNoDirectory_IsRefused() =>
        Assert.Throws<VitrineException>(() => Extract(Item.Symlink("./", "/etc")));

    [Fact]
    public void Run_OfAnUnknownType_IsRefused()
    {
        var error = Assert.Throws<VitrineException>(() => Extract(new Item((TarType)'V', "volume")));

        Assert.Contains("unhandled tar header type", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_BeyondTheEntryLimit_IsRefused()
    {
        var items = Enumerable.Range(0, 11).Select(i => Item.File($"{i}"));

        Assert.Throws<VitrineException>(() => Extract(new LayerLimits { MaxEntries = 10 }, [.. items]));
    }

    [Fact]
    public void Run_OfANameLongerThanAnyBuffer_PassesItOn()
    {
        var name = string.Join('/', Enumerable.Repeat(new string('n', 250), 40));

        Assert.Equal([$"dir {name}", $"opaque {name}", "end"], Extract(Item.Directory(name), Item.File(name + "/.wh..wh..opq")));
    }

    private static List<string> Extract(params Item[] items) => Extract(new LayerLimits(), items);

    private static List<string> Extract(LayerLimits limits, Item[] items)
    {
        var sink = new RecordingSink();
        var reader = new TarReader(new StreamTarInput(new MemoryStream(Archive.Write(items))));
        new LayerExtractor(reader, sink, limits).Run(CancellationToken.None);
        return sink.Calls;
    }
}
