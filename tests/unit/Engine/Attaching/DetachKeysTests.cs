using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Engine.Attaching;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Attaching;

public sealed class DetachKeysTests
{
    [Theory]
    [InlineData(null, new byte[] { 16, 17 })]
    [InlineData("", new byte[] { 16, 17 })]
    [InlineData("ctrl-a", new byte[] { 1 })]
    [InlineData("ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_", new byte[] { 0, 27, 28, 29, 30, 31 })]
    [InlineData("a,b", new byte[] { 97, 98 })]
    [InlineData("DEL", new byte[] { 127 })]
    public void Parse_Keys_GivesTheirBytes(string? keys, byte[] expected) => Assert.Equal(expected, DetachKeys.Parse(keys));

    [Theory]
    [InlineData("x,,y")]
    [InlineData("ctrl-")]
    [InlineData("ctrl-1")]
    [InlineData("alt-a")]
    [InlineData("é")]
    public void Parse_UnknownKey_IsRefused(string keys) => Assert.Throws<VitrineException>(() => DetachKeys.Parse(keys));

    [Fact]
    public void Feed_SequenceInOneRead_Detaches()
    {
        Assert.True(new DetachDetector([16, 17]).Feed([97, 16, 17, 98], out var passed));
        Assert.Equal([97], passed);
    }

    [Fact]
    public void Feed_SequenceAcrossReads_HoldsItsBeginningBack()
    {
        var detector = new DetachDetector([16, 17]);

        Assert.False(detector.Feed([97, 16], out var first));
        Assert.Equal([97], first);
        Assert.True(detector.Feed([17], out var second));
        Assert.Empty(second);
    }

    [Fact]
    public void Feed_BrokenSequence_PassesWhatWasHeld()
    {
        var detector = new DetachDetector([16, 17]);

        Assert.False(detector.Feed([16], out _));
        Assert.False(detector.Feed([16, 98], out var passed));
        Assert.Equal([16, 16, 98], passed);
    }

    [Fact]
    public void Feed_AnyInputWithoutTheSequence_PassesAllOfItHoweverItIsCut()
    {
        var inputs = Gen.ListOf(Gen.ListOf(Gen.Elements((byte)16, (byte)17, (byte)97)));
        Prop.ForAll(inputs.ToArbitrary(), reads =>
        {
            var typed = reads.SelectMany(r => r).ToArray();
            if (Latin(typed).Contains("\u0010\u0011", StringComparison.Ordinal))
                return;
            var detector = new DetachDetector([16, 17]);
            var seen = new List<byte>();
            foreach (var read in reads)
            {
                Assert.False(detector.Feed(read.ToArray(), out var passed));
                seen.AddRange(passed);
            }

            // One key may still be held.
            Assert.True(typed.AsSpan().StartsWith(seen.ToArray()) && typed.Length - seen.Count <= 1);
        }).QuickCheckThrowOnFailure();

        static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);
    }
}
