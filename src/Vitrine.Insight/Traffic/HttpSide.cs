using System.Net.Sockets;

namespace Vitrine.Insight.Traffic;

/// <summary>
/// One end of a proxied connection: reads heads and bodies, and can watch for the peer's hanging up without losing what it may
/// have sent meanwhile. Bounded: never holds more than one head or one buffer of a body.
/// </summary>
internal sealed class HttpSide(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[HttpHead.MaxLength];
    private int _start;
    private int _end;
    private Task<int>? _pending;

    /// <summary>Waits until the peer sends something or hangs up.</summary>
    /// <returns>False when it hung up.</returns>
    public async Task<bool> WatchAsync()
    {
        if (_end > _start)
            return true;
        try
        {
            return await (_pending ??= ReceiveAsync()) > 0;
        }
        catch (Exception e) when (IsHangUp(e))
        {
            return false;
        }
    }

    /// <summary>The next head, without its empty line; null at the end of the connection.</summary>
    /// <exception cref="InvalidDataException">It is longer than <see cref="HttpHead.MaxLength"/>, ends in the middle, or is no HTTP/1 head.</exception>
    public async Task<HttpHead?> ReadHeadAsync()
    {
        for (var searched = _start; ;)
        {
            var at = _buffer.AsSpan(searched, _end - searched).IndexOf("\r\n\r\n"u8);
            if (at >= 0)
            {
                var head = HttpHead.TryParse(_buffer.AsSpan(_start, searched + at - _start));
                _start = searched + at + 4;
                return head ?? throw new InvalidDataException("a message that is not plain HTTP/1.1");
            }
            if (_end - _start == _buffer.Length)
                throw new InvalidDataException($"a message with more than {HttpHead.MaxLength} bytes of header fields");
            searched = Math.Max(0, _end - _start - 3);
            if (await FillAsync() == 0)
                return _end == _start ? null : throw new InvalidDataException("a message that ends in its header fields");
        }
    }

    /// <summary>The next bytes, whatever they are; empty at the end. Valid until the next call.</summary>
    /// <param name="most">How many at most.</param>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(long most = long.MaxValue)
    {
        if (_end == _start && await FillAsync() == 0)
            return default;
        var count = (int)Math.Min(most, _end - _start);
        _start += count;
        return _buffer.AsMemory(_start - count, count);
    }

    /// <summary>A line of a chunked body, without its end.</summary>
    /// <exception cref="InvalidDataException">No line end within a buffer, or the connection ends before one.</exception>
    public async Task<byte[]> ReadLineAsync()
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (at >= 0)
            {
                var line = _buffer.AsSpan(_start, at).ToArray();
                _start += at + 2;
                return line;
            }
            if (_end - _start == _buffer.Length || await FillAsync() == 0)
                throw new InvalidDataException("a body whose chunks are broken");
        }
    }

    /// <summary>Sends everything.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
    }

    /// <summary>Whether the peer has closed the connection and nothing is left to read. Not to be asked while something waits for it.</summary>
    public bool HasEnded
    {
        get
        {
            try
            {
                return _end == _start && socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
            }
            catch (Exception e) when (IsHangUp(e))
            {
                return true;
            }
        }
    }

    /// <summary>Says that nothing more is sent.</summary>
    public void EndWriting()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (IsHangUp(e))
        {
            // It is gone already.
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Whether an exception only says that a peer is gone.</summary>
    public static bool IsHangUp(Exception exception) => exception is SocketException or ObjectDisposedException or IOException;

    private async Task<int> FillAsync()
    {
        var count = await (_pending ?? ReceiveAsync());
        _pending = null;
        _end += count;
        return count;
    }

    private Task<int> ReceiveAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        return socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None).AsTask();
    }
}
