using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

public sealed class FileLockTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-lock").FullName;

    private string LockPath => Path.Combine(_directory, "lock");

    [Fact]
    public void TryAcquire_HeldExclusively_IsNullUntilReleased()
    {
        using (FileLock.Acquire(LockPath))
        {
            Assert.Null(FileLock.TryAcquire(LockPath));
            Assert.Null(FileLock.TryAcquire(LockPath, LockMode.Shared));
            Assert.True(FileLock.IsHeld(LockPath));
        }
        Assert.False(FileLock.IsHeld(LockPath));
        using var again = FileLock.TryAcquire(LockPath);
        Assert.NotNull(again);
    }

    [Fact]
    public void TryAcquire_HeldShared_AllowsSharedOnly()
    {
        using var first = FileLock.Acquire(LockPath, LockMode.Shared);
        using var second = FileLock.TryAcquire(LockPath, LockMode.Shared);

        Assert.NotNull(second);
        Assert.Null(FileLock.TryAcquire(LockPath));
    }

    [Fact]
    public async Task Acquire_Contended_WaitsForTheHolder()
    {
        var holder = FileLock.Acquire(LockPath);
        var waiter = Task.Run(() => FileLock.Acquire(LockPath).Dispose(), TestContext.Current.CancellationToken);

        await LockWatch.BlockedAsync(LockPath);
        holder.Dispose();
        await waiter;
    }

    [Fact]
    public void Acquire_Cancelled_GivesUp()
    {
        using var holder = FileLock.Acquire(LockPath);
        using var source = new CancellationTokenSource(30);

        Assert.Throws<OperationCanceledException>(() => FileLock.Acquire(LockPath, LockMode.Exclusive, source.Token));
    }

    [Fact]
    public async Task Acquire_DirectoryDeletedWhileWaiting_SaysENOENT()
    {
        var holder = FileLock.Acquire(LockPath);
        var waiter = Task.Run(() => FileLock.Acquire(LockPath), TestContext.Current.CancellationToken);
        await LockWatch.BlockedAsync(LockPath);
        Directory.Delete(_directory, recursive: true);
        holder.Dispose();

        var error = await Assert.ThrowsAsync<LinuxException>(() => waiter);
        Assert.Equal(Errno.ENOENT, error.Errno);
    }

    [Fact]
    public void IsHeld_NoFile_IsFreeAndCreatesNothing()
    {
        Assert.False(FileLock.IsHeld(LockPath));
        Assert.False(File.Exists(LockPath));
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }
}
