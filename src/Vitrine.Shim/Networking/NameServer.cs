using System.Net;
using Vitrine.Linux;
using Vitrine.Network;
using Vitrine.Shim.Loop;

namespace Vitrine.Shim.Networking;

/// <summary>
/// The name service of a container at 127.0.0.11, in the shim's loop. Questions about containers are answered at once, others
/// passed on to the host's name servers from the host's own network, one after the other until one answers.
/// </summary>
internal sealed class NameServer : IDisposable
{
    private const int MaxPending = 64;
    private const int MaxStreams = 16;
    private const int LongestUdp = 4096;

    private readonly EventLoop _loop;
    private readonly Resolver _resolver;
    private readonly List<IPAddress> _servers;
    private readonly NameSockets _sockets;
    private readonly Watch _datagrams;
    private readonly Watch _streams;
    private readonly LoopTimer _timer;
    private readonly List<IDisposable> _open = [];
    private readonly byte[] _buffer = new byte[LongestUdp];

    /// <param name="loop">The loop.</param>
    /// <param name="sandbox">Whose names.</param>
    public NameServer(EventLoop loop, Sandbox sandbox)
    {
        _loop = loop;
        _resolver = new Resolver(sandbox.Paths, () => sandbox.Shared.Endpoints);
        _servers = Parse(sandbox.Plan.Dns);
        _sockets = NameSockets.Open(sandbox.Namespace);
        _datagrams = loop.Watch(_sockets.Datagrams, EpollEvents.Read, _ => OnDatagram());
        _streams = loop.Watch(_sockets.Streams, EpollEvents.Read, _ => OnConnection());
        _timer = loop.Timer(OnTimer);
    }

    public void Dispose()
    {
        foreach (var one in _open.ToArray())
            one.Dispose();
        _timer.Cancel();
        _datagrams.Dispose();
        _streams.Dispose();
        _sockets.Dispose();
    }

    /// <summary>The name servers of this moment: the host's may have changed.</summary>
    internal IReadOnlyList<IPAddress> Servers => _servers.Count > 0 ? _servers : HostResolvers.Read("/etc/resolv.conf");

    internal EventLoop Loop => _loop;

    internal Resolver Resolver => _resolver;

    internal byte[] Buffer => _buffer;

    internal void Closed(IDisposable one) => _open.Remove(one);

    /// <summary>Calls the deadlines of everything that is open.</summary>
    internal void Remind(long due)
    {
        if (_timer.Due is not { } set || due < set)
            _timer.Set(due - EventLoop.Now);
    }

    private void OnDatagram()
    {
        while (InetSocket.Receive(_sockets.Datagrams, _buffer, out var client) is >= 0 and var length)
        {
            var query = _buffer.AsSpan(0, length);
            if (DnsQuestion.Read(query) is not { } question)
                continue;
            var answer = _resolver.Answer(query, question, DnsAnswer.PlainUdpSize);
            if (answer is null && _resolver.MayForward && Count<ForwardedQuery>() < MaxPending && Servers is { Count: > 0 } servers)
                Forward(query.ToArray(), question, servers, client);
            else
                InetSocket.Send(_sockets.Datagrams, answer ?? DnsAnswer.Failure(query, question), client);
        }
    }

    private void Forward(byte[] query, DnsQuestion question, IReadOnlyList<IPAddress> servers, SocketName client)
    {
        var forwarded = new ForwardedQuery(this, query, question, servers, reply => InetSocket.Send(_sockets.Datagrams, reply, client));
        _open.Add(forwarded);
        forwarded.Ask();
    }

    private void OnConnection()
    {
        while (InetSocket.Accept(_sockets.Streams) is { } socket)
        {
            if (Count<NameStream>() < MaxStreams)
                _open.Add(new NameStream(this, socket));
            else
                socket.Dispose();
        }
    }

    private void OnTimer()
    {
        var next = long.MaxValue;
        foreach (var one in _open.ToArray())
        {
            next = Math.Min(next, one switch
            {
                ForwardedQuery query => query.Tick(),
                NameStream stream => stream.Tick(),
                _ => long.MaxValue,
            });
        }
        if (next != long.MaxValue)
            _timer.Set(next - EventLoop.Now);
    }

    private int Count<T>()
    {
        var count = 0;
        foreach (var one in _open)
            count += one is T ? 1 : 0;
        return count;
    }

    private static List<IPAddress> Parse(IReadOnlyList<string> servers)
    {
        var parsed = new List<IPAddress>();
        foreach (var server in servers)
        {
            if (IPAddress.TryParse(server, out var address))
                parsed.Add(address);
        }
        return parsed;
    }
}
