using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Shim.Loop;

namespace Vitrine.Shim.Networking.Relays;

/// <summary>A connection to ::1 and the one made for it to the container: both directions, until both have ended or one side is gone.</summary>
internal sealed class RelayedStream : IDisposable
{
    private readonly LoopbackRelay _owner;
    private readonly SafeFileHandle _client;
    private readonly SafeFileHandle _server;
    private readonly RelayWay _up;
    private readonly RelayWay _down;
    private readonly Watch _clientWatch;
    private readonly Watch _serverWatch;

    /// <param name="owner">Whose it is.</param>
    /// <param name="client">The connection that was accepted.</param>
    /// <param name="server">The one that is being made. Until it is there, nothing is asked of the client.</param>
    public RelayedStream(LoopbackRelay owner, SafeFileHandle client, SafeFileHandle server)
    {
        (_owner, _client, _server) = (owner, client, server);
        InetSocket.SendAtOnce(client);
        InetSocket.SendAtOnce(server);
        var (near, far) = (new SocketEnd(client), new SocketEnd(server));
        (_up, _down) = (new RelayWay(near, far), new RelayWay(far, near));
        _serverWatch = owner.Loop.Watch(server, EpollEvents.Write, events => Move(events, _down));
        _clientWatch = owner.Loop.Watch(client, EpollEvents.None, events => Move(events, _up));
    }

    public void Dispose()
    {
        _clientWatch.Dispose();
        _serverWatch.Dispose();
        _client.Dispose();
        _server.Dispose();
        _owner.Closed(this);
    }

    /// <param name="events">What an end is ready for.</param>
    /// <param name="from">The way that starts there.</param>
    private void Move(EpollEvents events, RelayWay from)
    {
        // Nothing is read any more of an end that has said its last, so that only this tells of its reset.
        var isGone = from.State is WayState.Ended && (events & (EpollEvents.HangUp | EpollEvents.Error)) != 0;
        _up.Move(_owner.Buffer);
        _down.Move(_owner.Buffer);
        if (isGone || _up.State is WayState.Broken || _down.State is WayState.Broken)
        {
            // The other side shall not take it for an end.
            InetSocket.ResetOnClose(_client);
            InetSocket.ResetOnClose(_server);
            Dispose();
        }
        else if (_up.State is WayState.Ended && _down.State is WayState.Ended)
        {
            Dispose();
        }
        else
        {
            _clientWatch.Events = Wanted(_up, _down);
            _serverWatch.Events = Wanted(_down, _up);
        }
    }

    /// <summary>What is waited for at the end that one way starts from and the other leads to.</summary>
    private static EpollEvents Wanted(RelayWay from, RelayWay to)
    {
        var read = from.State switch { WayState.AwaitsData => EpollEvents.Read, WayState.Ended => EpollEvents.HangUp, _ => EpollEvents.None };
        return to.State is WayState.AwaitsRoom ? read | EpollEvents.Write : read;
    }
}
