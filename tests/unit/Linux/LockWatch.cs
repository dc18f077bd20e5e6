using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

/// <summary>Tells when somebody waits for a lock, so that no test sleeps for a guess.</summary>
internal static class LockWatch
{
    private const uint Opened = 0x20; // IN_OPEN
    private const int Patience = 30_000;

    /// <summary>Returns when a thread is blocked at a lock of this file, as /proc/locks tells.</summary>
    public static async Task BlockedAsync(string path)
    {
        var inode = $":{FileIdentity.Of(path)!.Value.Inode} ";
        for (var end = Environment.TickCount64 + Patience; !File.ReadAllLines("/proc/locks").Any(line => line.Contains("-> FLOCK", StringComparison.Ordinal) && line.Contains(inode, StringComparison.Ordinal));)
        {
            Assert.True(Environment.TickCount64 < end, $"nobody waits for {path}");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Begins something, and returns when it has tried to lock a file again and again, or has ended.</summary>
    public static async Task TriedAsync(string path, Func<Task> begin)
    {
        using var notices = new SafeFileHandle(Inotify.Init(Inotify.NonBlockingCloseOnExec), ownsHandle: true);
        Assert.True(Inotify.AddWatch(notices, path, Opened) >= 0);
        var running = begin();
        var events = new byte[4096];
        // It opens the file each time; what comes between two looks counts once.
        for (var seen = 0; seen < 3 && !running.IsCompleted;)
        {
            seen += Fd.Read(notices, events) > 0 ? 1 : 0;
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
