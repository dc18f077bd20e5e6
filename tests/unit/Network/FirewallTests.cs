using Vitrine.Linux.Netlink;
using Vitrine.Network;
using Xunit;

namespace Vitrine.Tests.Unit.Network;

/// <summary>What a look at the table of nftables finds.</summary>
public sealed class FirewallTests
{
    private static readonly NftElement s_port = new("any4", [6, 0, 0, 0, 0, 80, 0, 0], [10, 0, 0, 2, 0, 80, 0, 0]);
    private static readonly NftElement s_bridge = new("bridges", [1, 2, 3], []);
    private static readonly NftElement s_subnet = new("subnets4", [10, 0, 0, 0], []);

    [Fact]
    public void Compare_FindsWhatIsMissingForeignOrDifferent()
    {
        var otherTarget = s_port with { Data = [10, 0, 0, 9, 0, 80, 0, 0] };
        var end = s_subnet with { EndsInterval = true };

        Same([], [], Firewall.Compare([s_port, s_bridge], [s_bridge, s_port with { Key = [.. s_port.Key] }]));
        Same([s_port], [], Firewall.Compare([s_port, s_bridge], [s_bridge]));
        Same([], [s_port], Firewall.Compare([s_bridge], [s_bridge, s_port]));
        Same([s_port], [otherTarget], Firewall.Compare([s_port], [otherTarget]));
        Same([end], [], Firewall.Compare([s_subnet, end], [s_subnet]));
    }

    [Fact]
    public void Seal_IsReadAsItWasWritten_AndNothingElseIsOne()
    {
        var path = Path.GetTempFileName();
        try
        {
            var seal = new FirewallSeal(uint.MaxValue, ulong.MaxValue);
            seal.Write(path);
            Assert.Equal(seal, FirewallSeal.Read(path));
            foreach (var text in (string[])["", "1", "1 2 3", "-1 2", "1 x", "4294967296 1"])
            {
                File.WriteAllText(path, text);
                Assert.Null(FirewallSeal.Read(path));
            }
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Null(FirewallSeal.Read(path));
    }

    private static void Same(NftElement[] missing, NftElement[] foreign, (List<NftElement> Missing, List<NftElement> Foreign) found)
    {
        Assert.Equal(missing, found.Missing);
        Assert.Equal(foreign, found.Foreign);
    }
}
