using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Network;
using Xunit;

namespace Vitrine.Tests.Unit.Network;

public sealed class SubnetTests
{
    [Theory]
    [InlineData("10.1.2.3/16", "10.1.0.0/16")]
    [InlineData("fd00::5/64", "fd00::/64")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    public void TryParse_Block_HasItsFirstAddress(string text, string expected)
    {
        Assert.True(Subnet.TryParse(text, out var subnet, out _));
        Assert.Equal(expected, subnet.ToString());
    }

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.1/16")]
    [InlineData("x/8")]
    [InlineData("10.0.0.0/-1")]
    public void TryParse_Nonsense_IsRefused(string text) => Assert.False(Subnet.TryParse(text, out _, out _));

    [Fact]
    public void Overlap_IsSharingAnAddress() => Prop.ForAll<uint, uint, byte>((a, b, prefixes) =>
    {
        var first = Subnet.Of(new IPAddress(a), prefixes % 33);
        var second = Subnet.Of(new IPAddress(b), prefixes / 8);
        var shared = first.Base <= second.Last && second.Base <= first.Last;
        Assert.Equal(shared, first.Overlaps(second));
        Assert.Equal(first.Overlaps(second), second.Overlaps(first));
    }).Check(Properties.Config());

    [Fact]
    public void ChooseV4_PassesOverWhatIsTaken()
    {
        Subnet.TryParse("172.16.0.0/12", out var taken, out _);
        Assert.Equal("172.17.0.0/16", AddressPools.ChooseV4([]).ToString());
        Assert.Equal("192.168.0.0/20", AddressPools.ChooseV4([taken]).ToString());
        Subnet.TryParse("0.0.0.0/0", out var all, out _);
        Assert.Contains("--subnet", Assert.Throws<NetworkException>(() => AddressPools.ChooseV4([all])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mac_IsMadeFromTheAddress()
    {
        Assert.Equal("02:42:ac:11:00:02", Mac.Text(Mac.Of(IPAddress.Parse("172.17.0.2"))));
        Assert.True(Mac.TryParse("02:42:AC:11:00:02", out var parsed));
        Assert.Equal(Mac.Of(IPAddress.Parse("172.17.0.2")), parsed);
        Assert.False(Mac.TryParse("02:42:ac:11:00", out _));
    }
}
