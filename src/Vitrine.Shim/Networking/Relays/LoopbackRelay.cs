using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Network;
using Vitrine.Shim.Loop;

namespace Vitrine.Shim.Networking.Relays;

/// <summary>
/// Passes on what comes to published ports of ::1, in the shim's loop. IPv4's 127.0.0.1 is the kernel's business; its IPv6 drops
/// what would come back to ::1 from another interface (there is no route_localnet), so that a socket here is the only way.
/// While nobody uses it, it is a socket for each port.
/// </summary>
internal sealed class LoopbackRelay : IDisposable
{
    private const int MaxStreams = 256;
    private const int BufferSize = 64 << 10;
    private const int Pause = 100;

    private readonly Sandbox _sandbox;
    private readonly Action _rests;
    private readonly List<(LoopbackPort Port, Watch Watch)> _listeners = [];
    private readonly List<RelayedDatagrams> _datagrams = [];
    private readonly HashSet<RelayedStream> _streams = [];
    private readonly LoopTimer _resume;
    private byte[]? _buffer;

    private LoopbackRelay(EventLoop loop, Sandbox sandbox, Action rests)
    {
        (Loop, _sandbox, _rests) = (loop, sandbox, rests);
        _resume = loop.Timer(Listen);
        foreach (var port in sandbox.LoopbackPorts)
        {
            if (port.IsStream)
                _listeners.Add((port, loop.Watch(port.Socket, EpollEvents.Read, _ => OnConnection(port))));
            else
                _datagrams.Add(new RelayedDatagrams(this, port));
        }
    }

    /// <summary>That of a sandbox; null where it publishes nothing on ::1.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="sandbox">Whose.</param>
    /// <param name="rests">Called when the last connection is closed.</param>
    public static LoopbackRelay? Of(EventLoop loop, Sandbox sandbox, Action rests) =>
        sandbox.LoopbackPorts.Count > 0 ? new LoopbackRelay(loop, sandbox, rests) : null;

    internal EventLoop Loop { get; }

    /// <summary>One for all: between two events nothing is in it.</summary>
    internal byte[] Buffer => _buffer ??= GC.AllocateUninitializedArray<byte>(BufferSize);

    public void Dispose()
    {
        _resume.Cancel();
        foreach (var (_, watch) in _listeners)
            watch.Dispose();
        _listeners.Clear();
        foreach (var stream in _streams.ToArray())
            stream.Dispose();
        foreach (var one in _datagrams)
            one.Dispose();
        _datagrams.Clear();
    }

    /// <summary>A socket to what a port leads to now; null where there is no way.</summary>
    internal SafeFileHandle? Connect(LoopbackPort port, int kind)
    {
        try
        {
            return _sandbox.PortTarget is { } target ? InetSocket.Connect(kind, target, port.ContainerPort) : null;
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    internal void Closed(RelayedStream stream)
    {
        _streams.Remove(stream);
        Listen();
        Rest();
    }

    /// <summary>Gives the buffer back when nobody needs it.</summary>
    internal void Rest()
    {
        if (_streams.Count > 0 || _buffer is null || _datagrams.Exists(static one => one.Count > 0))
            return;
        _buffer = null;
        _rests();
    }

    private void OnConnection(LoopbackPort port)
    {
        if (InetSocket.Accept(port.Socket) is not { } client)
        {
            // Of descriptors there are no more, or the client has thought better of it: it will be told of again.
            Await(EpollEvents.None);
            _resume.Set(Pause);
            return;
        }
        if (Connect(port, InetSocket.Stream) is { } server)
        {
            _streams.Add(new RelayedStream(this, client, server));
            Listen();
            return;
        }
        InetSocket.ResetOnClose(client);
        client.Dispose();
    }

    /// <summary>Takes further connections, unless there are as many as there may be: who comes then waits in the kernel until another one is done.</summary>
    private void Listen() => Await(_streams.Count < MaxStreams ? EpollEvents.Read : EpollEvents.None);

    private void Await(EpollEvents events)
    {
        foreach (var (_, watch) in _listeners)
            watch.Events = events;
    }
}
