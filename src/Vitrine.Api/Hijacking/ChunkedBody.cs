using System.Buffers;

namespace Vitrine.Api.Hijacking;

/// <summary>Finds the end of a body in chunks (RFC 9112, 7.1), however its bytes arrive; optionally collects its content.</summary>
internal sealed class ChunkedBody(ArrayBufferWriter<byte>? content = null)
{
    private const int MaxSizeDigits = 15;

    private State _state = State.Size;
    private long _left;
    private int _digits;
    private bool _lineIsEmpty;

    private enum State
    {
        Size, Extension, Data, DataEnd, Trailer, Ended, Broken,
    }

    public bool HasEnded => _state is State.Ended;

    /// <summary>Whether it is no chunked body: the HTTP server will say so too.</summary>
    public bool IsBroken => _state is State.Broken;

    /// <summary>Takes bytes.</summary>
    /// <returns>How many of them belong to the body.</returns>
    public long Feed(in ReadOnlySequence<byte> bytes)
    {
        long used = 0;
        foreach (var segment in bytes)
        {
            var span = segment.Span;
            while (!span.IsEmpty && _state is not (State.Ended or State.Broken))
            {
                var count = Take(span);
                used += count;
                span = span[count..];
            }
        }
        return used;
    }

    private int Take(ReadOnlySpan<byte> span)
    {
        if (_state is State.Data)
        {
            var count = (int)Math.Min(span.Length, _left);
            content?.Write(span[..count]);
            _left -= count;
            if (_left == 0)
                _state = State.DataEnd;
            return count;
        }
        Step(span[0]);
        return 1;
    }

    private void Step(byte next)
    {
        switch (_state)
        {
            case State.Size when char.IsAsciiHexDigit((char)next) && ++_digits <= MaxSizeDigits:
                _left = _left * 16 + Convert.ToInt32(((char)next).ToString(), 16);
                break;
            case State.Size when _digits > 0 && next is (byte)';' or (byte)'\r' or (byte)' ':
                _state = State.Extension;
                break;
            case State.Extension when next == '\n':
                _lineIsEmpty = true;
                _state = _left > 0 ? State.Data : State.Trailer;
                _digits = 0;
                break;
            case State.Extension:
                break;
            case State.DataEnd when next == '\r':
                break;
            case State.DataEnd when next == '\n':
                _state = State.Size;
                break;
            case State.Trailer when next == '\n':
                _state = _lineIsEmpty ? State.Ended : State.Trailer;
                _lineIsEmpty = true;
                break;
            case State.Trailer:
                _lineIsEmpty &= next == '\r';
                break;
            default:
                _state = State.Broken;
                break;
        }
    }
}
