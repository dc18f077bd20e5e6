using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Network;
using Vitrine.Shim.Loop;

namespace Vitrine.Shim.Networking.Relays;

/// <summary>A udp port of ::1: each client has a socket of its own to the container, by which the answers find back to it.</summary>
internal sealed class RelayedDatagrams : IDisposable
{
    /// <summary>As docker's proxy: how long a client that is silent keeps its socket.</summary>
    private const int Patience = 90_000;
    private const int MaxFlows = 128;

    private readonly LoopbackRelay _owner;
    private readonly LoopbackPort _port;
    private readonly Watch _watch;
    private readonly LoopTimer _timer;
    private readonly List<Flow> _flows = [];

    public RelayedDatagrams(LoopbackRelay owner, LoopbackPort port)
    {
        (_owner, _port) = (owner, port);
        _watch = owner.Loop.Watch(port.Socket, EpollEvents.Read, _ => OnClient());
        _timer = owner.Loop.Timer(OnTimer);
    }

    public int Count => _flows.Count;

    public void Dispose()
    {
        _watch.Dispose();
        _timer.Cancel();
        while (_flows.Count > 0)
            Close(_flows[^1]);
    }

    private void OnClient()
    {
        for (var turn = 0; turn < RelayWay.Turns; turn++)
        {
            var length = InetSocket.Receive(_port.Socket, _owner.Buffer, out var client);
            if (length < 0)
                break;
            if (FlowOf(client) is { } flow)
                InetSocket.Send(flow.Socket, _owner.Buffer.AsSpan(0, length));
        }
        // Where nobody could be reached, no client's end will come that does this.
        _owner.Rest();
    }

    private Flow? FlowOf(SocketName client)
    {
        var flow = _flows.Find(known => known.Client.IsSame(client)) ?? Open(client);
        if (flow is not null)
            flow.Due = EventLoop.Now + Patience;
        return flow;
    }

    private Flow? Open(SocketName client)
    {
        if (_owner.Connect(_port, InetSocket.Datagram) is not { } socket)
            return null;
        if (_flows.Count == MaxFlows)
            Close(_flows.MinBy(static flow => flow.Due)!);
        var flow = new Flow(client, socket);
        flow.Watch = _owner.Loop.Watch(socket, EpollEvents.Read, _ => OnServer(flow));
        _flows.Add(flow);
        if (_timer.Due is null)
            _timer.Set(Patience);
        return flow;
    }

    private void OnServer(Flow flow)
    {
        for (var turn = 0; turn < RelayWay.Turns; turn++)
        {
            var length = InetSocket.Receive(flow.Socket, _owner.Buffer, out _);
            if (length < 0)
                return;
            flow.Due = EventLoop.Now + Patience;
            InetSocket.Send(_port.Socket, _owner.Buffer.AsSpan(0, length), flow.Client);
        }
    }

    private void OnTimer()
    {
        foreach (var flow in _flows.ToArray())
        {
            if (flow.Due <= EventLoop.Now)
                Close(flow);
        }
        if (_flows.Count > 0)
            _timer.Set(_flows.Min(static flow => flow.Due) - EventLoop.Now);
    }

    private void Close(Flow flow)
    {
        flow.Watch?.Dispose();
        flow.Socket.Dispose();
        _flows.Remove(flow);
        _owner.Rest();
    }

    private sealed class Flow(SocketName client, SafeFileHandle socket)
    {
        public SocketName Client => client;

        public SafeFileHandle Socket => socket;

        public Watch? Watch { get; set; }

        public long Due { get; set; }
    }
}
