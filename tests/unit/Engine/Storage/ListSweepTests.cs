using Vitrine.Engine;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Storage;

/// <summary>When a list clears away what was left half made.</summary>
public sealed class ListSweepTests : IDisposable
{
    private static readonly string s_id = new('a', 64);

    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-unit-").FullName;
    private readonly Clock _clock = new();

    private string HalfMade => Path.Combine(_root, "data/containers", $".new-{s_id}");

    [Fact]
    public async Task List_OfALongLivedEngine_SweepsNowAndThen()
    {
        var engine = NewEngine(isLongLived: true);
        LeaveHalfMade();
        await engine.ListAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists(HalfMade), "the first list sweeps");

        LeaveHalfMade();
        await engine.ListAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.True(Directory.Exists(HalfMade), "the next one at once does not");

        _clock.Pass(TimeSpan.FromSeconds(10));
        await engine.ListAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists(HalfMade), "one later does");
    }

    [Fact]
    public async Task List_OfAShortLivedEngine_SweepsAlways()
    {
        var engine = NewEngine(isLongLived: false);
        for (var i = 0; i < 2; i++)
        {
            LeaveHalfMade();
            await engine.ListAsync(cancellation: TestContext.Current.CancellationToken);
            Assert.False(Directory.Exists(HalfMade));
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private ContainerEngine NewEngine(bool isLongLived) => new(new EngineOptions
    {
        DataRoot = Path.Combine(_root, "data"),
        ExecRoot = Path.Combine(_root, "run"),
        ShimPath = "/nonexistent",
        IsLongLived = isLongLived,
        Time = _clock,
    });

    /// <summary>As a creation that was killed an hour ago.</summary>
    private void LeaveHalfMade()
    {
        Directory.CreateDirectory(HalfMade);
        Directory.SetLastWriteTimeUtc(HalfMade, DateTime.UtcNow.AddHours(-1));
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
