using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Notice of a cgroup that ran out of memory: v1's eventfd (cgroup-v1/memory.rst, 9) or v2's memory.events.</summary>
public sealed class OomWatch : IDisposable
{
    private readonly Cgroup _cgroup;
    private readonly EventFd? _event;
    private readonly Inotify? _changes;
    private long _seen;

    private OomWatch(Cgroup cgroup, EventFd? @event, Inotify? changes)
    {
        _cgroup = cgroup;
        _event = @event;
        _changes = changes;
        _seen = cgroup.OomKills();
    }

    /// <summary>Readable when something may have happened: then call <see cref="Check"/>.</summary>
    public SafeFileHandle Handle => _event?.Handle ?? _changes!.Handle;

    /// <summary>Watches from now on; null where the host has no memory controller.</summary>
    /// <exception cref="LinuxException">The cgroup does not exist, or may not be watched.</exception>
    public static OomWatch? Open(Cgroup cgroup) => cgroup.Layout.Of("memory") switch
    {
        null => null,
        { Version: 2 } => new OomWatch(cgroup, null, Inotify.WatchFile(cgroup.FileOf("memory", "memory.events")!)),
        _ => OpenV1(cgroup),
    };

    /// <summary>
    /// Takes the notice back. Whether memory has run out since the last call: a process was killed, or on v1 with the killer
    /// switched off, stopped. v1 gives notice of every attempt to find memory, and of the cgroup's removal: false here.
    /// </summary>
    public bool Check()
    {
        _changes?.Clear();
        var noticed = _event?.Clear() == true;
        var kills = _cgroup.OomKills();
        var more = kills > _seen;
        _seen = kills;
        return more || (noticed && IsStopped);
    }

    private bool IsStopped => _cgroup.Read("memory", "memory.oom_control") is { } control
        && CgroupText.Value(control, "oom_kill_disable") == 1 && CgroupText.Value(control, "under_oom") == 1;

    public void Dispose()
    {
        _event?.Dispose();
        _changes?.Dispose();
    }

    private static OomWatch OpenV1(Cgroup cgroup)
    {
        using var control = File.OpenHandle(cgroup.FileOf("memory", "memory.oom_control")!, share: FileShare.ReadWrite);
        var notice = EventFd.Create();
        try
        {
            cgroup.Write("memory", "cgroup.event_control", $"{Fd.Number(notice.Handle)} {Fd.Number(control)}");
            return new OomWatch(cgroup, notice, null);
        }
        catch
        {
            notice.Dispose();
            throw;
        }
    }
}
