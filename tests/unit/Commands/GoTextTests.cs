using FsCheck;
using FsCheck.Fluent;
using Vitrine.Commands.Templates;
using Xunit;

namespace Vitrine.Tests.Unit.Commands;

public sealed class GoTextTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(-2.25, "-2.25")]
    [InlineData(100000000.0, "100000000")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    public void Print_Double_IsGosShortestForm(double value, string expected) => Assert.Equal(expected, GoText.Print(value));

    [Theory]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("tab\tnew\nbell\a", "\"tab\\tnew\\nbell\\a\"")]
    [InlineData("é…漢", "\"é…漢\"")]
    [InlineData("\u0001\u007f\u200b", "\"\\x01\\x7f\\u200b\"")]
    public void Quote_Text_IsAGoLiteral(string text, string expected) => Assert.Equal(expected, GoText.Quote(text));

    [Theory]
    [InlineData("\"\\x41\\101\\u00e9\\U0001f600\\'\"", "AAé😀'")]
    [InlineData("\"\\q\"", null)]
    [InlineData("\"\\x4\"", null)]
    [InlineData("\"\\uD800\"", null)]
    public void Unquote_Literal_ReadsEscapes(string literal, string? expected) => Assert.Equal(expected, GoText.Unquote(literal));

    [Fact]
    public void Unquote_OfQuote_GivesTheTextBack()
    {
        Prop.ForAll<NonNull<string>>(text => GoText.Unquote(GoText.Quote(Valid(text.Get))) == Valid(text.Get)).QuickCheckThrowOnFailure();

        static string Valid(string? text) => string.Concat((text ?? "").EnumerateRunes());
    }
}
