using Vitrine.Engine.Waiting;
using Vitrine.Linux;
using Vitrine.ShimProtocol.Events;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Waiting;

public sealed class ReadinessTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly Readiness _readiness = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_MoreDirectoriesThanAUserHasInotifyDescriptors_EachIsTold()
    {
        // The kernel gives 128 (fs.inotify.max_user_instances).
        const int Count = 200;
        var paths = Enumerable.Range(0, Count).Select(i => Directory.CreateDirectory(Path.Join(_directory.Path, i.ToString())).FullName).ToList();
        var watches = paths.ConvertAll(_readiness.Watch);

        foreach (var path in paths)
            File.WriteAllText(Path.Join(path, "file"), "");

        await Task.WhenAll(watches.Select(watch => watch.ChangedAsync(Cancellation))).WaitAsync(s_patience, Cancellation);
        watches.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task Watch_TwoOfOneDirectory_BothAreToldAndOneOutlivesTheOther()
    {
        var (first, second) = (_readiness.Watch(_directory.Path), _readiness.Watch(_directory.Path));
        Touch();
        await first.ChangedAsync(Cancellation).WaitAsync(s_patience, Cancellation);
        await second.ChangedAsync(Cancellation).WaitAsync(s_patience, Cancellation);

        first.Dispose();
        await DrainAsync(second);
        Touch();

        await second.ChangedAsync(Cancellation).WaitAsync(s_patience, Cancellation);
        second.Dispose();
    }

    [Fact]
    public async Task Watch_DirectoryDeleted_IsToldAndCanBeWatchedAnew()
    {
        var path = Directory.CreateDirectory(Path.Join(_directory.Path, "gone")).FullName;
        using var before = _readiness.Watch(path);
        Directory.Delete(path);
        await before.ChangedAsync(Cancellation).WaitAsync(s_patience, Cancellation);

        Directory.CreateDirectory(path);
        using var after = _readiness.Watch(path);
        File.WriteAllText(Path.Join(path, "file"), "");

        await after.ChangedAsync(Cancellation).WaitAsync(s_patience, Cancellation);
    }

    [Fact]
    public void Watch_NoDirectory_Throws() =>
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => _readiness.Watch(Path.Join(_directory.Path, "none"))).Errno);

    [Fact]
    public async Task WaitAsync_ManyAtOnce_TakesOneThread()
    {
        const int Count = 300;
        using var first = EventFd.Create();
        await WakeAsync(first);
        var pipes = Enumerable.Range(0, Count).Select(_ => EventFd.Create()).ToList();
        var waits = pipes.ConvertAll(pipe => _readiness.WaitAsync(pipe.Handle, EpollEvents.Read, Cancellation));

        Assert.True(Directory.GetDirectories("/proc/self/task").Length < Count, "a thread for each");
        pipes.ForEach(pipe => pipe.Set());
        await Task.WhenAll(waits).WaitAsync(s_patience, Cancellation);
        pipes.ForEach(pipe => pipe.Dispose());
    }

    [Fact]
    public async Task AnyAsync_OneEnds_TheOthersAreGivenUp()
    {
        using var ready = EventFd.Create();
        using var never = EventFd.Create();
        ready.Set();

        await Readiness.AnyAsync(null, Cancellation, Readable(never), Readable(ready)).WaitAsync(s_patience, Cancellation);

        // What is given up is free for the next to wait for.
        never.Set();
        await WakeAsync(never);
    }

    [Fact]
    public async Task AnyAsync_TimePasses_Ends()
    {
        using var never = EventFd.Create();

        await Readiness.AnyAsync(TimeSpan.FromMilliseconds(1), Cancellation, Readable(never)).WaitAsync(s_patience, Cancellation);
    }

    [Fact]
    public async Task AnyAsync_Cancelled_Throws()
    {
        using var never = EventFd.Create();
        using var source = new CancellationTokenSource();
        var waiting = Readiness.AnyAsync(null, source.Token, Readable(never));

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(s_patience, Cancellation));
    }

    [Fact]
    public async Task News_OnlyOfOthers_WaitsOn()
    {
        var path = Path.Join(_directory.Path, EventLog.FileName);
        using var news = new ContainerNews(path, "mine", _readiness);
        var waiting = news.WaitAsync(TimeSpan.FromHours(1), TimeSpan.FromHours(1), Cancellation);

        using var ofOther = new ContainerNews(path, "other", _readiness);
        new EventLog(path).Add("container", "die", "other", null, "exitCode", "4");
        await ofOther.WaitAsync(TimeSpan.FromHours(1), TimeSpan.FromHours(1), Cancellation).WaitAsync(s_patience, Cancellation);
        Assert.False(waiting.IsCompleted);
        new EventLog(path).Add("container", "die", "mine", null, "exitCode", "3");

        await waiting.WaitAsync(s_patience, Cancellation);
        Assert.Equal(3, news.LastExitCode());
    }

    public void Dispose()
    {
        _readiness.Dispose();
        _directory.Dispose();
    }

    private static async Task DrainAsync(DirectoryWatch watch)
    {
        // The notices of one write come in pieces; a time without any is not waited for: told too often is allowed.
        using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        try
        {
            while (true)
                await watch.ChangedAsync(enough.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private Func<CancellationToken, Task> Readable(EventFd file) => cancellation => _readiness.WaitAsync(file.Handle, EpollEvents.Read, cancellation);

    private async Task WakeAsync(EventFd file)
    {
        file.Set();
        await _readiness.WaitAsync(file.Handle, EpollEvents.Read, Cancellation).WaitAsync(s_patience, Cancellation);
    }

    private void Touch() => File.WriteAllText(Path.Join(_directory.Path, Path.GetRandomFileName()), "");
}
