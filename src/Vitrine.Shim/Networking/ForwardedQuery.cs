using System.Net;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Network;
using Vitrine.Shim.Loop;

namespace Vitrine.Shim.Networking;

/// <summary>A question passed on by udp, each from a socket of its own: whoever would forge an answer has to guess its port.</summary>
internal sealed class ForwardedQuery : IDisposable
{
    private const int Patience = 2000;
    private const ushort Port = 53;

    private readonly NameServer _owner;
    private readonly byte[] _query;
    private readonly IReadOnlyList<IPAddress> _servers;
    private readonly Func<byte[], int> _reply;
    private readonly DnsQuestion _question;
    private int _next;
    private long _due;
    private SafeFileHandle? _socket;
    private Watch? _watch;

    /// <param name="owner">Whose it is.</param>
    /// <param name="query">The client's message.</param>
    /// <param name="question">Its question.</param>
    /// <param name="servers">Whom to ask.</param>
    /// <param name="reply">Takes the answer.</param>
    public ForwardedQuery(NameServer owner, byte[] query, DnsQuestion question, IReadOnlyList<IPAddress> servers, Func<byte[], int> reply) =>
        (_owner, _query, _question, _servers, _reply) = (owner, query, question, servers, reply);

    /// <summary>Gives up on a server that is silent.</summary>
    /// <returns>When to look again.</returns>
    public long Tick()
    {
        if (_due <= EventLoop.Now)
            Ask();
        return _due;
    }

    public void Dispose()
    {
        Close();
        _due = long.MaxValue;
        _owner.Closed(this);
    }

    /// <summary>Asks the next server; when all were asked, says so and is done.</summary>
    public void Ask()
    {
        Close();
        while (_next < _servers.Count)
        {
            try
            {
                _socket = InetSocket.Connect(InetSocket.Datagram, _servers[_next++], Port);
                if (InetSocket.Send(_socket, _query) == _query.Length)
                {
                    _watch = _owner.Loop.Watch(_socket, EpollEvents.Read, _ => OnAnswer());
                    _due = EventLoop.Now + Patience;
                    _owner.Remind(_due);
                    return;
                }
                Close();
            }
            catch (LinuxException)
            {
                // There is no way to this one.
            }
        }
        _reply(DnsAnswer.Failure(_query, _question));
        Dispose();
    }

    private void OnAnswer()
    {
        var length = InetSocket.Receive(_socket!, _owner.Buffer, out _);
        if (length < 0)
        {
            // Refused: nobody serves there.
            Ask();
            return;
        }
        var answer = _owner.Buffer.AsSpan(0, length);
        if (length < 12 || !answer[..2].SequenceEqual(_query.AsSpan(0, 2)))
            return;
        _reply(answer.ToArray());
        Dispose();
    }

    private void Close()
    {
        _watch?.Dispose();
        _socket?.Dispose();
        (_watch, _socket) = (null, null);
    }
}
