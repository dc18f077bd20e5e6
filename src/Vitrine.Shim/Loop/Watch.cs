using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Shim.Loop;

/// <summary>A descriptor in the loop. Disposing takes it out and leaves the descriptor open.</summary>
internal sealed class Watch(EventLoop loop, SafeFileHandle file, ulong id, Action<EpollEvents> handler) : IDisposable
{
    private EpollEvents _events;

    public SafeFileHandle File => file;

    public ulong Id => id;

    public Action<EpollEvents> Handler => handler;

    /// <summary>What is waited for; None pauses it altogether.</summary>
    public EpollEvents Events
    {
        get => _events;
        set
        {
            if (value == _events)
                return;
            loop.Change(this, _events, value);
            _events = value;
        }
    }

    public void Dispose() => Events = EpollEvents.None;
}
