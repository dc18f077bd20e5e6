using Vitrine.Linux;

namespace Vitrine.Images.Pull;

/// <summary>
/// Bounded buffers between a download, which waits without a thread, and an unpacker, which reads by blocking. A reader that has
/// what it needs may close early: the rest of the download then goes nowhere, but still to the end, because its digest counts.
/// </summary>
internal sealed class LayerPipe : ReadOnlyStream
{
    private const int SlotSize = 256 * 1024;
    private const int Slots = 16;

    private readonly byte[]?[] _slots = new byte[Slots][];
    private readonly int[] _lengths = new int[Slots];
#pragma warning disable CA2213 // Never asked for a wait handle, so there is nothing to free; and the other side may still be at them.
    private readonly SemaphoreSlim _free = new(Slots);
    private readonly SemaphoreSlim _filled = new(0);
#pragma warning restore CA2213
    private long _published;
    private long _consumed;
    private int _readPosition;
    private bool _hasSlot;
    private bool _isAtEnd;
    private volatile bool _isClosed;
    private volatile Exception? _failure;

    /// <summary>The next buffer to fill, once the reader is done with what it held.</summary>
    public async ValueTask<Memory<byte>> RentAsync(CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        if (_isClosed)
            _free.Release();
        return _slots[_published % Slots] ??= GC.AllocateUninitializedArray<byte>(SlotSize);
    }

    /// <summary>Hands the rented buffer's first <paramref name="length"/> bytes on; none say that this was all.</summary>
    public void Publish(int length)
    {
        _lengths[_published % Slots] = length;
        Volatile.Write(ref _published, _published + 1);
        _filled.Release();
    }

    /// <summary>Makes the reader fail once it has read what was published.</summary>
    public void Fail(Exception reason)
    {
        _failure = reason;
        _filled.Release();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || !HasBytes())
            return 0;
        var slot = _consumed % Slots;
        var rest = _slots[slot].AsSpan(_readPosition, _lengths[slot] - _readPosition);
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        _readPosition += count;
        return count;
    }

    /// <summary>Says that nothing will be read any more.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            _free.Release();
        }

        base.Dispose(disposing);
    }

    /// <summary>Waits for the next slot where the last one is used up; false at the end.</summary>
    private bool HasBytes()
    {
        if (_isAtEnd)
            return false;
        if (_hasSlot && _readPosition < _lengths[_consumed % Slots])
            return true;
        if (_hasSlot)
        {
            _consumed++;
            _free.Release();
        }

        _filled.Wait();
        if (_consumed == Volatile.Read(ref _published))
            throw new IOException(_failure!.Message, _failure);
        (_hasSlot, _readPosition) = (true, 0);
        _isAtEnd = _lengths[_consumed % Slots] == 0;
        return !_isAtEnd;
    }
}
