using FsCheck;
using FsCheck.Fluent;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\u001b[31mred", @"\x1b[31mred")]
    [InlineData("a\tb\r\n", @"a\x09b\x0d\x0a")]
    [InlineData("\u009b2J", @"\x9b2J")]
    [InlineData("evil\u202etxt.exe", @"evil\u202etxt.exe")]
    [InlineData("a\u061cb\u2066c\ufeffd", @"a\u061cb\u2066c\ufeffd")]
    [InlineData("tag\U000E0041", @"tag\U000e0041")]
    [InlineData("line\u2028end", @"line\u2028end")]
    [InlineData("gr\u00fcn \u2192 \u6f22\u5b57 \U0001F642", "gr\u00fcn \u2192 \u6f22\u5b57 \U0001F642")]
    public void Of_WhatATerminalObeysOrHides_IsMadeVisible(string text, string visible) => Assert.Equal(visible, VisibleText.Of(text));

    [Fact]
    public void OfLines_KeepsLinesAndTabs_AndNothingElse() => Assert.Equal("a\n\tb\\x0d\\x1b", VisibleText.OfLines("a\n\tb\r\u001b"));

    [Fact]
    public void Of_AnyText_HoldsNothingUnseen() => Prop.ForAll<NonNull<string>>(text =>
        !VisibleText.Of(text.Get).EnumerateRunes().Any(VisibleText.IsUnseen)).Check(Properties.Config(1000));
}
