using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.ShimProtocol.Logs;
using Xunit;

namespace Vitrine.Tests.Unit.ShimProtocol;

public sealed class LogTimeTests
{
    [Theory]
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(1_700_000_000_100_000_000, "2023-11-14T22:13:20.1Z")]
    [InlineData(951_782_400_000_000_001, "2000-02-29T00:00:00.000000001Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999999999Z")]
    public void Format_IsGosRfc3339Nano(long time, string text) => Assert.Equal(text, Format(time, false));

    [Fact]
    public void Format_AllDigits_KeepsZeros() => Assert.Equal("2023-11-14T22:13:20.100000000Z", Format(1_700_000_000_100_000_000, true));

    [Theory]
    [InlineData("2023-11-14T23:13:20.1+01:00", 1_700_000_000_100_000_000)]
    [InlineData("2023-11-14T21:43:20.1234567891234-00:30", 1_700_000_000_123_456_789)]
    public void Parse_Offsets_AreTakenIntoAccount(string text, long time)
    {
        Assert.True(LogTime.TryParse(Encoding.ASCII.GetBytes(text), out var found));
        Assert.Equal(time, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2023-11-14")]
    [InlineData("2023-11-14T22:13:20")]
    [InlineData("2023-13-14T22:13:20Z")]
    [InlineData("2023-02-29T22:13:20Z")]
    [InlineData("2023-11-14T22:13:20.Z")]
    [InlineData("2023-11-14T22:13:20.5")]
    [InlineData("2023-11-14T22:13:20.5+1:00")]
    [InlineData("-023-11-14T22:13:20Z")]
    [InlineData("+023-11-14T22:13:20Z")]
    public void Parse_AnythingElse_IsRefused(string text) => Assert.False(LogTime.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void From_BeyondWhatACountHas_IsTheLast()
    {
        Assert.Equal(long.MaxValue, LogTime.From(DateTimeOffset.FromUnixTimeSeconds(9_999_999_999)));
        Assert.Equal(1_000_000_100, LogTime.From(DateTimeOffset.UnixEpoch.AddSeconds(1).AddTicks(1)));
    }

    [Fact]
    public void Parse_OfFormat_IsTheSameTime() =>
        Prop.ForAll<long>(time => LogTime.TryParse(Encoding.ASCII.GetBytes(Format(time / 2, time % 2 == 0)), out var found) && found == time / 2)
            .QuickCheckThrowOnFailure();

    private static string Format(long time, bool allDigits)
    {
        var text = new byte[LogTime.MaxLength];
        return Encoding.ASCII.GetString(text, 0, LogTime.Format(time, text, allDigits));
    }
}
