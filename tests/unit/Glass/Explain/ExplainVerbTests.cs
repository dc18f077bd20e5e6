using Vitrine.Glass.Explain;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Explain;

public sealed class ExplainVerbTests
{
    [Theory]
    [InlineData("LANG=de_DE.UTF-8", true)]
    [InlineData("LANG=C.utf8", true)]
    [InlineData("LANG=C", false)]
    [InlineData("LC_ALL=POSIX LANG=en_US.UTF-8", false)]
    [InlineData("LC_CTYPE=en_US.UTF-8 LANG=C", true)]
    [InlineData("LC_ALL= LANG=en_GB.ISO-8859-1", false)]
    [InlineData("", true)]
    public void IsUnicode_ByLocale(string environment, bool unicode)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(unicode, ExplainStyle.IsUnicode(name => variables.GetValueOrDefault(name)));
    }

    [Theory]
    [InlineData("72", 72)]
    [InlineData("0", null)]
    [InlineData("wide", null)]
    [InlineData(null, null)]
    public void Columns_AreWhatTheVariableSays(string? variable, int? columns) =>
        Assert.Equal(columns, ExplainStyle.Columns(name => name == "COLUMNS" ? variable : null));
}
