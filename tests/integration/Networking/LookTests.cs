using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Networking;

/// <summary>Whoever only looks leaves the host as it is.</summary>
public sealed class LookTests
{
    [Fact]
    public void InspectAndList_OnAFreshHost_MakeNoBridgeAndNoRules()
    {
        Need.Program("nft", "nftables");
        using var box = new Sandbox();
        var vitrine = Repository.Binary("vitrine");

        var looked = Command.Run("unshare", ["--net", "sh", "-c", $"""
            {vitrine} inspect nobody >/dev/null
            {vitrine} network ls --format '{"{{"}.Name{"}}"}'
            ip -o link show type bridge
            nft list ruleset
            """], null, box.Environment, null);

        Assert.Contains("No such object: nobody", looked.Stderr, StringComparison.Ordinal);
        Assert.Equal("bridge\nhost\nnone", looked.Text);
    }
}
