using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <content>Passing on what one socket receives to another without a buffer between them: it stays where it is until it is taken.</content>
public static unsafe partial class InetSocket
{
    /// <summary>There is nothing, or no room, at this moment.</summary>
    public const int NothingNow = -1;

    /// <summary>The connection is gone: reset, refused, timed out.</summary>
    public const int Broken = -2;

    private const int Peek = 2;
    private const int Truncate = 0x20;
    private const int Linger = 13;
    private const int TcpLevel = 6;
    private const int NoDelay = 1;
    private const int EndOfSending = 1;

    /// <summary>Reads the next bytes of a stream and leaves them there.</summary>
    /// <returns>How many; 0 at the end of the stream; <see cref="NothingNow"/> or <see cref="Broken"/>.</returns>
    public static int LookAt(SafeFileHandle socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return Outcome(ReceiveFrom(socket, start, (nuint)buffer.Length, Peek, null, null));
    }

    /// <summary>Forgets bytes that were looked at. The kernel does not copy them anywhere (MSG_TRUNC, tcp(7)).</summary>
    public static void Forget(SafeFileHandle socket, int count)
    {
        while (count > 0 && (int)ReceiveFrom(socket, null, (nuint)count, Truncate, null, null) is > 0 and var gone)
            count -= gone;
    }

    /// <summary>Sends as much as there is room for.</summary>
    /// <returns>How much; <see cref="NothingNow"/> or <see cref="Broken"/>.</returns>
    public static int Offer(SafeFileHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return Outcome(SendTo(socket, start, (nuint)bytes.Length, NoSignal, null, 0));
    }

    /// <summary>Tells the other side that no more comes; what it sends is still received.</summary>
    public static void EndSending(SafeFileHandle socket) => ShutdownCall(socket, EndOfSending);

    /// <summary>Sends what is small without waiting for more (TCP_NODELAY): what is passed on was waited for already.</summary>
    public static void SendAtOnce(SafeFileHandle socket)
    {
        var one = 1;
        SetOption(socket, TcpLevel, NoDelay, &one, sizeof(int));
    }

    /// <summary>Makes the close of a connection a reset, which tells the other side that something went wrong.</summary>
    public static void ResetOnClose(SafeFileHandle socket)
    {
        // struct linger: on, for no time at all.
        var value = (On: 1, Seconds: 0);
        SetOption(socket, SocketLevel, Linger, &value, sizeof(int) * 2);
    }

    private static int Outcome(nint result) =>
        result >= 0 ? (int)result : Check.LastErrno is Errno.EAGAIN or Errno.EINTR ? NothingNow : Broken;

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int ShutdownCall(SafeFileHandle socket, int how);
}
