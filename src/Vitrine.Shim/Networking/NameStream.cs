using System.Buffers.Binary;
using System.Net;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Network;
using Vitrine.Shim.Loop;

namespace Vitrine.Shim.Networking;

/// <summary>A client's tcp connection: messages with their length before them (RFC 1035, section 4.2.2), one at a time.</summary>
internal sealed class NameStream : IDisposable
{
    private const int Patience = 10_000;
    private const int LongestQuery = 4096;
    private const int LongestAnswer = 2 + ushort.MaxValue;
    private const ushort Port = 53;

    private readonly NameServer _owner;
    private readonly SafeFileHandle _client;
    private readonly Watch _watch;
    private readonly long _due = EventLoop.Now + Patience;
    private readonly List<byte> _received = [];
    private readonly List<byte> _answer = [];
    private readonly List<byte> _toSend = [];
    private SafeFileHandle? _server;
    private Watch? _serverWatch;
    private byte[] _query = [];

    public NameStream(NameServer owner, SafeFileHandle client)
    {
        (_owner, _client) = (owner, client);
        _watch = owner.Loop.Watch(client, EpollEvents.Read, OnClient);
        owner.Remind(_due);
    }

    /// <summary>Ends a connection that has lasted too long.</summary>
    /// <returns>When to look again.</returns>
    public long Tick()
    {
        if (_due > EventLoop.Now)
            return _due;
        Dispose();
        return long.MaxValue;
    }

    public void Dispose()
    {
        CloseServer();
        _watch.Dispose();
        _client.Dispose();
        _owner.Closed(this);
    }

    private void OnClient(EpollEvents events)
    {
        if ((events & EpollEvents.Write) != 0)
        {
            Flush();
            return;
        }
        var length = InetSocket.Receive(_client, _owner.Buffer, out _);
        if (length <= 0 || _received.Count + length > 2 + LongestQuery)
        {
            Dispose();
            return;
        }
        _received.AddRange(_owner.Buffer.AsSpan(0, length));
        Next();
    }

    /// <summary>Takes the next whole message, unless one is being answered.</summary>
    private void Next()
    {
        var size = _received.Count < 2 ? int.MaxValue : 2 + (_received[0] << 8) + _received[1];
        if (size > _received.Count || _server is not null || _toSend.Count > 0)
            return;
        _query = [.. _received[2..size]];
        _received.RemoveRange(0, size);
        if (DnsQuestion.Read(_query) is not { } question)
            Dispose();
        else if (_owner.Resolver.Answer(_query, question, ushort.MaxValue) is { } answer)
            Reply(answer);
        else if (!_owner.Resolver.MayForward || _owner.Servers is not [var server, ..] || !Ask(server))
            Reply(DnsAnswer.Failure(_query, question));
    }

    private bool Ask(IPAddress server)
    {
        try
        {
            _server = InetSocket.Connect(InetSocket.Stream, server, Port);
            _answer.Clear();
            _serverWatch = _owner.Loop.Watch(_server, EpollEvents.Write, OnServer);
            return true;
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    private void OnServer(EpollEvents events)
    {
        if ((events & EpollEvents.Write) != 0)
        {
            // A query is short, and the connection's buffer is empty: it takes all or the server is not there.
            if (InetSocket.Send(_server!, [.. Prefix(_query.Length), .. _query]) != _query.Length + 2)
                GiveUp();
            else
                _serverWatch!.Events = EpollEvents.Read;
            return;
        }
        var length = InetSocket.Receive(_server!, _owner.Buffer, out _);
        if (length <= 0 || _answer.Count + length > LongestAnswer)
        {
            GiveUp();
            return;
        }
        _answer.AddRange(_owner.Buffer.AsSpan(0, length));
        if (_answer.Count < 2 || _answer.Count < 2 + (_answer[0] << 8) + _answer[1])
            return;
        CloseServer();
        Reply([.. _answer[2..]]);
    }

    private void GiveUp()
    {
        CloseServer();
        Reply(DnsAnswer.Failure(_query, DnsQuestion.Read(_query)!));
    }

    private void Reply(byte[] answer)
    {
        _toSend.AddRange(Prefix(answer.Length));
        _toSend.AddRange(answer);
        Flush();
    }

    private void Flush()
    {
        var sent = InetSocket.Send(_client, _toSend.ToArray());
        if (sent > 0)
            _toSend.RemoveRange(0, sent);
        _watch.Events = _toSend.Count > 0 ? EpollEvents.Write : EpollEvents.Read;
        if (_toSend.Count == 0)
            Next();
    }

    private void CloseServer()
    {
        _serverWatch?.Dispose();
        _server?.Dispose();
        (_serverWatch, _server) = (null, null);
    }

    private static byte[] Prefix(int length)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)length);
        return bytes;
    }
}
