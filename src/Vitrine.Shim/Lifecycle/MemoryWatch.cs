using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Vitrine.Shim.Loop;

namespace Vitrine.Shim.Lifecycle;

/// <summary>Tells of memory that runs out when it does, whichever process of the container that hits.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private readonly OomWatch _oom;
    private readonly Watch _watch;
    private readonly ContainerEvents _events;

    private MemoryWatch(OomWatch oom, EventLoop loop, ContainerEvents events)
    {
        _oom = oom;
        _events = events;
        _watch = loop.Watch(oom.Handle, EpollEvents.Read, _ => Check());
    }

    /// <summary>Watches a container whose memory is limited; null for any other, and where the host cannot tell.</summary>
    public static MemoryWatch? Open(ContainerCgroup cgroup, Resources? limits, EventLoop loop, ContainerEvents events)
    {
        if (limits?.Memory?.Limit is not > 0)
            return null;
        try
        {
            return OomWatch.Open(cgroup.Cgroup) is { } oom ? new MemoryWatch(oom, loop, events) : null;
        }
        catch (IOException)
        {
            // It is told at the end of the process then.
            return null;
        }
    }

    /// <summary>Tells of what has happened since the last look.</summary>
    public void Check()
    {
        if (_oom.Check())
            _events.Tell("oom");
    }

    public void Dispose()
    {
        _watch.Dispose();
        _oom.Dispose();
    }
}
