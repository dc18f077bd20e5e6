using FsCheck.Fluent;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

public sealed class CapabilitySetTests
{
    [Fact]
    public void Name_OfEveryCapability_IsTheKernelsAndParsesBack()
    {
        foreach (var capability in Enum.GetValues<Capability>())
        {
            Assert.Equal(capability.ToString(), Capabilities.Name(capability));
            Assert.True(Capabilities.TryParse(capability.ToString(), out var full));
            Assert.True(Capabilities.TryParse(capability.ToString()[4..].ToLowerInvariant(), out var bare));
            Assert.Equal((capability, capability), (full, bare));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("CAP_")]
    [InlineData("CAP_CAP_CHOWN")]
    [InlineData("CHOWN ")]
    [InlineData("ALL")]
    [InlineData("41")]
    public void TryParse_NoCapability_IsRefused(string name) => Assert.False(Capabilities.TryParse(name, out _));

    [Fact]
    public void Name_OfNewerBit_IsItsNumber() => Assert.Equal("41", Capabilities.Name((Capability)41));

    [Theory]
    [InlineData("all")]
    [InlineData("CAP_ALL")]
    public void TryParseWord_All_IsTheGivenSet(string word)
    {
        Assert.True(CapabilitySet.TryParseWord(word, CapabilitySet.UpTo(Capability.CAP_BPF), out var set));
        Assert.Equal(40, set.Count);
    }

    [Fact]
    public void TryParseWord_Unknown_IsRefusedAndEmpty()
    {
        Assert.False(CapabilitySet.TryParseWord("CAP_FLY", CapabilitySet.AllNamed, out var set));
        Assert.True(set.IsEmpty);
    }

    [Fact]
    public void TryParseHex_DockersDefaultMask_Decodes()
    {
        Assert.True(CapabilitySet.TryParseHex("00000000a80425fb\n", out var set));

        Assert.Equal(14, set.Count);
        Assert.Equal("CAP_CHOWN", set.ToNames()[0]);
        Assert.True(set.Contains(Capability.CAP_NET_RAW));
        Assert.False(set.Contains(Capability.CAP_SYS_ADMIN));
        Assert.Equal("00000000a80425fb", set.ToHex());
    }

    [Theory]
    [InlineData("")]
    [InlineData("xyz")]
    [InlineData("10000000000000000")]
    [InlineData("-1")]
    public void TryParseHex_NoMask_IsRefused(string text) => Assert.False(CapabilitySet.TryParseHex(text, out _));

    [Fact]
    public void Operators_AreTheBitOperations() =>
        FsCheck.Check.One(Properties.Config(), Prop.ForAll<ulong, ulong>((a, b) =>
        {
            CapabilitySet left = new(a), right = new(b);
            return (left | right).Bits == (a | b) && (left & right).Bits == (a & b) && (left - right).Bits == (a & ~b)
                && left.ToNames().Length == left.Count
                && CapabilitySet.TryParseHex(left.ToHex(), out var again) && again == left;
        }));

    [Fact]
    public void WithAndWithout_ChangeOneBit()
    {
        var set = CapabilitySet.Of(Capability.CAP_KILL, Capability.CAP_CHECKPOINT_RESTORE);

        Assert.Equal("CAP_KILL,CAP_CHECKPOINT_RESTORE", set.ToString());
        Assert.Equal(CapabilitySet.Of(Capability.CAP_KILL), set.Without(Capability.CAP_CHECKPOINT_RESTORE));
        Assert.Equal(set, set.With(Capability.CAP_KILL));
    }

    [Theory]
    [InlineData("36\n", 37)]
    [InlineData("40\n", 41)]
    [InlineData("63", 64)]
    [InlineData("200", 64)]
    [InlineData("nonsense", 41)]
    public void OfKernel_ReadsTheLastBit(string content, int count)
    {
        var file = Path.Combine(Path.GetTempPath(), $"cap_last_cap-{Entropy.NewId()}");
        File.WriteAllText(file, content);
        try
        {
            Assert.Equal(count, Capabilities.OfKernel(file).Count);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void OfKernel_WithoutProc_IsAllNamed() =>
        Assert.Equal(CapabilitySet.AllNamed, Capabilities.OfKernel("/nonexistent/cap_last_cap"));
}
