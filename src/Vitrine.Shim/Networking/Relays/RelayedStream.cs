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
        _serverWatch = owner.Loop.Watch(server, EpollEvents.Write, Move);
        _clientWatch = owner.Loop.Watch(client, EpollEvents.None, Move);
    }

    public void Dispose()
    {
        _clientWatch.Dispose();
        _serverWatch.Dispose();
        _client.Dispose();
        _server.Dispose();
        _owner.Closed(this);
    }

    private void Move(EpollEvents events)
    {
        _up.Move(_owner.Buffer);
        _down.Move(_owner.Buffer);
        if (_up.State is WayState.Broken || _down.State is WayState.Broken)
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
    private static EpollEvents Wanted(RelayWay from, RelayWay to) =>
        (from.State is WayState.AwaitsData ? EpollEvents.Read : EpollEvents.None) | (to.State is WayState.AwaitsRoom ? EpollEvents.Write : EpollEvents.None);
}
