namespace Vitrine.Images.Layers;

/// <summary>
/// A ring of buffers between one thread that fills them and several that each read all of them. Nothing is copied; the writer
/// waits for the slowest reader. Any side may abort, which wakes and ends all others.
/// </summary>
internal sealed class BufferRing
{
    private readonly object _gate = new();
    private readonly byte[][] _buffers;
    private readonly int[] _lengths;
    private readonly long[] _consumed;
    private long _produced;
    private bool _isComplete;
    private Exception? _abort;

    public BufferRing(int slots, int slotSize, int readers)
    {
        _buffers = new byte[slots][];
        for (var i = 0; i < slots; i++)
            _buffers[i] = GC.AllocateUninitializedArray<byte>(slotSize);
        _lengths = new int[slots];
        _consumed = new long[readers];
    }

    /// <summary>What ended the work early; null if nothing did.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate)
                return _abort;
        }
    }

    /// <summary>The next buffer to fill; waits until every reader is done with what it held.</summary>
    public byte[] Rent()
    {
        lock (_gate)
        {
            while (_produced - Slowest() == _buffers.Length)
                Wait();
            ThrowIfAborted();
            return _buffers[_produced % _buffers.Length];
        }
    }

    /// <summary>Hands the rented buffer's first <paramref name="length"/> bytes to the readers.</summary>
    public void Publish(int length)
    {
        lock (_gate)
        {
            _lengths[_produced % _buffers.Length] = length;
            _produced++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Says that no more buffers come.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends everybody's waiting with this error; the first one counts.</summary>
    public void Abort(Exception reason)
    {
        lock (_gate)
        {
            _abort ??= reason;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The buffer that <paramref name="reader"/> has come to, or none at the end; the same one until it is released.</summary>
    public ReadOnlySpan<byte> Peek(int reader)
    {
        lock (_gate)
        {
            while (_consumed[reader] == _produced && !_isComplete)
                Wait();
            ThrowIfAborted();
            if (_consumed[reader] == _produced)
                return default;
            var slot = _consumed[reader] % _buffers.Length;
            return _buffers[slot].AsSpan(0, _lengths[slot]);
        }
    }

    /// <summary>Gives the buffer of the last <see cref="Peek"/> back.</summary>
    public void Release(int reader)
    {
        lock (_gate)
        {
            _consumed[reader]++;
            Monitor.PulseAll(_gate);
        }
    }

    private long Slowest()
    {
        var slowest = long.MaxValue;
        foreach (var count in _consumed)
            slowest = Math.Min(slowest, count);
        return slowest;
    }

    private void Wait()
    {
        ThrowIfAborted();
        Monitor.Wait(_gate);
        ThrowIfAborted();
    }

    private void ThrowIfAborted()
    {
        if (_abort is not null)
            throw new RingAbortedException(_abort);
    }
}

/// <summary>Another thread failed; <see cref="BufferRing.Failure"/> says how.</summary>
internal sealed class RingAbortedException(Exception reason) : Exception(reason.Message, reason);

/// <summary>One reader of a ring as the input of a tar reader.</summary>
internal sealed class RingTarInput(BufferRing ring, int reader) : Tar.TarInput
{
    private int _position;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Peek() => ring.Peek(reader)[_position..];

    /// <inheritdoc/>
    public override void Advance(int count)
    {
        if (count == 0)
            return;
        _position += count;
        if (_position < ring.Peek(reader).Length)
            return;
        _position = 0;
        ring.Release(reader);
    }

    /// <summary>Reads to the end, so that the other readers get there too.</summary>
    public void Drain()
    {
        for (var rest = Peek(); !rest.IsEmpty; rest = Peek())
            Advance(rest.Length);
    }
}
