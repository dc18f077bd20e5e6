using Vitrine.Glass.Caps;
using Vitrine.Glass.Explain;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Caps;

public sealed class CapsDecodeTests
{
    [Theory]
    [InlineData("00000000a80425fb", 0xa80425fb)]
    [InlineData("0x21", 0x21)]
    [InlineData("3", 3)]
    [InlineData("cap_chown", 1)]
    [InlineData("none", 0)]
    public void Read_MaskOrNames_AreToldApart(string text, ulong mask) => Assert.Equal(mask, CapsDecodeVerb.Read(text).Bits);

    [Fact]
    public void Compare_WithDefaults_NamesBothDirections()
    {
        var output = new StringWriter();

        CapabilityText.Compare(new Paper(output, new ExplainStyle()), CapabilitySet.Of(Capability.CAP_SYS_ADMIN) | CapsDecodeVerb.Read("docker-default").Without(Capability.CAP_CHOWN));

        Assert.Contains("docker's default    beyond it: SYS_ADMIN\n                      without: CHOWN\n", output.ToString(), StringComparison.Ordinal);
    }
}
