using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Vitrine.Shim.Loop;

namespace Vitrine.Shim.Lifecycle;

/// <summary>Tells of memory that runs out when it does, whichever process of the container that hits.</summary>
internal sealed class MemoryWatch : IDisposable
{
    /// <summary>v1 gives notice before it kills: how often, and after how many milliseconds, the count of kills is looked at again.</summary>
    private const int Looks = 20;
    private const int LookInterval = 50;

    private readonly OomWatch _oom;
    private readonly LoopTimer _again;
    private readonly Watch _watch;
    private readonly ContainerEvents _events;
    private int _looks;

    private MemoryWatch(OomWatch oom, EventLoop loop, ContainerEvents events)
    {
        _oom = oom;
        _events = events;
        _again = loop.Timer(Look);
        _watch = loop.Watch(oom.Handle, EpollEvents.Read, _ => Noticed());
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

    /// <summary>Tells of what has happened since the last look; whether anything had.</summary>
    public bool Check()
    {
        var happened = _oom.Check();
        if (happened)
            _events.Tell("oom");
        return happened;
    }

    private void Noticed()
    {
        _looks = Looks;
        Look();
    }

    private void Look()
    {
        if (!Check() && --_looks > 0)
            _again.Set(LookInterval);
    }

    public void Dispose()
    {
        _again.Cancel();
        _watch.Dispose();
        _oom.Dispose();
    }
}
