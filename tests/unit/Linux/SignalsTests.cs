using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

public sealed class SignalsTests
{
    [Theory]
    [InlineData("SIGTERM", 15)]
    [InlineData("term", 15)]
    [InlineData("15", 15)]
    [InlineData("sigkill", 9)]
    [InlineData("IOT", 6)]
    [InlineData("CLD", 17)]
    [InlineData("SIGPOLL", 29)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("rtmin+30", 64)]
    [InlineData("RTMAX", 64)]
    [InlineData("SIGRTMAX-14", 50)]
    [InlineData("64", 64)]
    public void TryParse_KnownForms_GiveTheNumber(string text, int expected)
    {
        Assert.True(Signals.TryParse(text, out var signal));
        Assert.Equal(expected, signal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("SIG")]
    [InlineData("SIGSIGTERM")]
    [InlineData("TERM ")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMAX+1")]
    [InlineData("RTMAX-31")]
    [InlineData("RTMIN+")]
    [InlineData("RTMIN+99999999999")]
    [InlineData("99999999999")]
    public void TryParse_Other_IsRefused(string text) => Assert.False(Signals.TryParse(text, out _));

    [Fact]
    public void Name_OfEverySignal_ParsesBack()
    {
        for (var signal = 1; signal <= Signals.SIGRTMAX; signal++)
        {
            Assert.True(Signals.TryParse(Signals.Name(signal), out var again));
            Assert.Equal(signal, again);
        }
    }

    [Theory]
    [InlineData(9, "SIGKILL")]
    [InlineData(34, "SIGRTMIN")]
    [InlineData(36, "SIGRTMIN+2")]
    [InlineData(64, "SIGRTMAX")]
    [InlineData(33, "33")]
    [InlineData(0, "0")]
    public void Name_IsTheKernels(int signal, string expected) => Assert.Equal(expected, Signals.Name(signal));
}
