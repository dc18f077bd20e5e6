using Vitrine.Linux;
using Vitrine.Shim.Lifecycle;
using Xunit;

namespace Vitrine.Tests.Unit.Shim;

public sealed class StopSequenceTests
{
    [Fact]
    public void Tick_AtTheDeadline_KillsOnce()
    {
        var stop = new StopSequence();

        Assert.Equal(Signals.SIGTERM, stop.Ask(Signals.SIGTERM, 10, now: 1000));
        Assert.Equal(11_000, stop.Deadline);
        Assert.Null(stop.Tick(10_999));
        Assert.Equal(Signals.SIGKILL, stop.Tick(11_000));
        Assert.Null(stop.Tick(99_000));
        Assert.True(stop.Killed);
    }

    [Fact]
    public void Ask_NoTimeout_KillsAtOnce()
    {
        var stop = new StopSequence();
        stop.Ask(Signals.SIGTERM, 0, now: 5);

        Assert.Equal(Signals.SIGKILL, stop.Tick(5));
    }

    [Fact]
    public void Ask_NegativeTimeout_NeverKills()
    {
        var stop = new StopSequence();
        stop.Ask(Signals.SIGINT, -1, now: 5);

        Assert.Null(stop.Deadline);
        Assert.Null(stop.Tick(long.MaxValue));
    }

    [Theory]
    [InlineData(10, 2)]
    [InlineData(2, 10)]
    [InlineData(-1, 2)]
    [InlineData(2, -1)]
    public void Ask_Twice_TheNearestDeadlineCounts(int first, int second)
    {
        var stop = new StopSequence();
        stop.Ask(Signals.SIGTERM, first, now: 0);
        stop.Ask(Signals.SIGQUIT, second, now: 0);

        Assert.Equal(2000, stop.Deadline);
    }

    [Fact]
    public void Ask_Sigkill_NeedsNoDeadline()
    {
        var stop = new StopSequence();
        stop.Ask(Signals.SIGTERM, 10, now: 0);

        Assert.Equal(Signals.SIGKILL, stop.Ask(Signals.SIGKILL, 10, now: 1));
        Assert.Null(stop.Deadline);
        stop.Ask(Signals.SIGTERM, 10, now: 2);
        Assert.Null(stop.Deadline);
    }

    [Fact]
    public void Ask_FarTimeout_DoesNotOverflow()
    {
        var stop = new StopSequence();
        stop.Ask(Signals.SIGTERM, int.MaxValue, now: 0);

        Assert.Equal(int.MaxValue * 1000L, stop.Deadline);
    }
}
