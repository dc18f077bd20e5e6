using FsCheck;
using FsCheck.Fluent;
using Vitrine.Engine.Security;
using Vitrine.Insight.Privileges;
using Vitrine.Insight.Sections;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Privileges;

public sealed class CapabilityNamesTests
{
    [Fact]
    public void VitrineDefault_IsTheEngines() => Assert.Equal(Defaults.Capabilities, CapabilityMeanings.VitrineDefault);

    [Theory]
    [InlineData("chown,CAP_KILL", 0x21)]
    [InlineData("CHOWN kill", 0x21)]
    [InlineData("none", 0)]
    [InlineData("docker-default", 0xa80425fb)]
    [InlineData("default,41", 0x200_800405fb)]
    [InlineData("", 0)]
    public void Parse_NamesAndSets_GiveTheMask(string text, ulong mask) => Assert.Equal(mask, CapabilityNames.Parse(text).Bits);

    [Theory]
    [InlineData("fly")]
    [InlineData("chown,64")]
    [InlineData("chown;kill")]
    public void Parse_Unknown_IsNamed(string text)
    {
        var e = Assert.Throws<VitrineException>(() => CapabilityNames.Parse(text));
        Assert.Equal(ErrorKind.Invalid, e.Kind);
        Assert.Contains(text.Split(',')[^1], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lower_AnyMask_ParsesBack() =>
        Prop.ForAll<ulong>(mask => CapabilityNames.Parse(CapabilityNames.Lower(new(mask))).Bits == mask).Check(Properties.Config());

    [Fact]
    public void Meaning_OfEveryCapability_IsItsOwn()
    {
        var meanings = CapabilityNames.Each(CapabilitySet.AllNamed).Select(capability => CapabilityMeanings.Of(capability).Meaning).ToList();

        Assert.Equal(41, meanings.Count);
        Assert.Equal(41, meanings.Distinct().Count());
        Assert.Contains("newer", CapabilityMeanings.Of((Capability)41).Meaning, StringComparison.Ordinal);
    }
}
