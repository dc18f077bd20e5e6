using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Shim.Networking.Relays;

/// <summary>What a direction waits for.</summary>
internal enum WayState
{
    /// <summary>The sender has nothing to pass on.</summary>
    AwaitsData,

    /// <summary>The receiver takes nothing.</summary>
    AwaitsRoom,

    /// <summary>The sender has ended, and the receiver knows.</summary>
    Ended,

    /// <summary>One of both is gone.</summary>
    Broken,
}

/// <summary>One end of a relayed connection; results are those of <see cref="InetSocket"/>.</summary>
internal interface IRelayEnd
{
    int LookAt(Span<byte> buffer);

    void Forget(int count);

    int Offer(ReadOnlySpan<byte> bytes);

    void EndSending();
}

/// <summary>
/// One direction of a relayed connection. It keeps nothing: bytes are looked at where the kernel has them, offered to the receiver,
/// and forgotten as far as that took them. So a receiver that is slow slows the sender down by the kernel's own means.
/// </summary>
internal sealed class RelayWay(IRelayEnd from, IRelayEnd to)
{
    /// <summary>How many buffers are moved before others have their turn.</summary>
    public const int Turns = 8;

    public WayState State { get; private set; } = WayState.AwaitsData;

    /// <summary>Moves what can be moved now.</summary>
    public void Move(Span<byte> buffer)
    {
        for (var turn = 0; turn < Turns && State is WayState.AwaitsData or WayState.AwaitsRoom; turn++)
        {
            if (!MoveOnce(buffer))
                return;
        }
    }

    /// <summary>Whether there may be more to move.</summary>
    private bool MoveOnce(Span<byte> buffer)
    {
        var count = from.LookAt(buffer);
        if (count == 0)
        {
            to.EndSending();
            State = WayState.Ended;
            return false;
        }
        State = count switch { InetSocket.NothingNow => WayState.AwaitsData, < 0 => WayState.Broken, _ => State };
        if (count < 0)
            return false;
        var taken = to.Offer(buffer[..count]);
        if (taken > 0)
            from.Forget(taken);
        State = taken == InetSocket.Broken ? WayState.Broken : taken < count ? WayState.AwaitsRoom : WayState.AwaitsData;
        return taken == count;
    }
}

/// <summary>A socket as an end of a relayed connection.</summary>
internal sealed class SocketEnd(SafeFileHandle socket) : IRelayEnd
{
    public SafeFileHandle Socket => socket;

    public int LookAt(Span<byte> buffer) => InetSocket.LookAt(socket, buffer);

    public void Forget(int count) => InetSocket.Forget(socket, count);

    public int Offer(ReadOnlySpan<byte> bytes) => InetSocket.Offer(socket, bytes);

    public void EndSending() => InetSocket.EndSending(socket);
}
