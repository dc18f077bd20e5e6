using FsCheck;
using FsCheck.Fluent;
using Vitrine.Images.Layers;
using Xunit;

namespace Vitrine.Tests.Unit.Images.Layers;

public sealed class LayerPathTests
{
    [Theory]
    [InlineData("usr/bin/env", "usr/bin/env")]
    [InlineData("./usr//bin/", "usr/bin")]
    [InlineData("/etc/passwd", "etc/passwd")]
    [InlineData("a/../b", "b")]
    [InlineData("a/b/../../c", "c")]
    [InlineData("./", "")]
    [InlineData("", "")]
    [InlineData("a/..", "")]
    [InlineData("..a/b..", "..a/b..")]
    public void Clean_OfANameInside_GivesItsPath(string raw, string expected)
    {
        Assert.True(LayerPath.TryClean(System.Text.Encoding.UTF8.GetBytes(raw), new byte[100], out var path));
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(path.Whole));
        Assert.Equal(expected.Length == 0, path.IsRoot);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../etc/passwd")]
    [InlineData("/../etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("./..//x")]
    public void Clean_OfANameThatLeadsOut_IsRefused(string raw) =>
        Assert.False(LayerPath.TryClean(System.Text.Encoding.UTF8.GetBytes(raw), new byte[100], out _));

    [Fact]
    public void Clean_OfAnyName_GivesNoPartThatMoves() => Prop.ForAll(
        Gen.Elements("/", "//", ".", "..", "a", "b", ".wh.", "é", " ").ListOf().ToArbitrary(),
        parts =>
        {
            var raw = System.Text.Encoding.UTF8.GetBytes(string.Concat(parts));
            if (!LayerPath.TryClean(raw, new byte[raw.Length], out var path) || path.IsRoot)
                return true;
            var clean = System.Text.Encoding.UTF8.GetString(path.Whole).Split('/');
            return clean.All(part => part is not ("" or "." or "..")) && path.Name.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(clean[^1]));
        }).Check(Properties.Config(3000));
}
