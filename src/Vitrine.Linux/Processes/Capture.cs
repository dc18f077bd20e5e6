using System.Buffers;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>Feeds a program's stdin and drains its stdout and stderr at the same time, so that no full pipe stops either side.</summary>
internal sealed class Capture(SafeFileHandle stdin, SafeFileHandle stdout, SafeFileHandle stderr, int limit)
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _errors = new();

    public byte[] Output => _output.WrittenSpan.ToArray();

    public byte[] Errors => _errors.WrittenSpan.ToArray();

    /// <summary>Runs until both outputs have ended.</summary>
    /// <returns>ETIMEDOUT or EMSGSIZE where it was given up; null otherwise.</returns>
    public Errno? Exchange(ReadOnlySpan<byte> input, int timeout)
    {
        var started = Stopwatch.GetTimestamp();
        Fd.SetNonBlocking(stdin);
        Span<PollItem> items =
        [
            new(stdin, PollEvents.Write),
            new(stdout, PollEvents.Read),
            new(stderr, PollEvents.Read),
        ];
        while (items[1].Descriptor >= 0 || items[2].Descriptor >= 0)
        {
            if (Poll.Wait(items, Remaining(started, timeout)) == 0)
                return Errno.ETIMEDOUT;
            if (items[0].Found != 0 && Feed(ref input))
                items[0].Descriptor = -1;
            if (items[1].Found != 0 && Drain(stdout, _output))
                items[1].Descriptor = -1;
            if (items[2].Found != 0 && Drain(stderr, _errors))
                items[2].Descriptor = -1;
            if (_output.WrittenCount > limit || _errors.WrittenCount > limit)
                return Errno.EMSGSIZE;
        }
        return null;
    }

    /// <summary>Writes what fits; true when the input is used up or nobody reads it, and stdin is closed.</summary>
    private bool Feed(ref ReadOnlySpan<byte> input)
    {
        try
        {
            while (!input.IsEmpty)
            {
                var count = Fd.Write(stdin, input);
                if (count < 0)
                    return false;
                input = input[count..];
            }
        }
        catch (LinuxException e) when (e.Errno is Errno.EPIPE)
        {
            // The program needs no more input; its exit code says whether that is an error.
        }
        stdin.Dispose();
        return true;
    }

    private static bool Drain(SafeFileHandle from, ArrayBufferWriter<byte> to)
    {
        var count = Fd.Read(from, to.GetSpan(4096));
        if (count <= 0)
            return count == 0;
        to.Advance(count);
        return false;
    }

    private static int Remaining(long started, int timeout) =>
        timeout < 0 ? -1 : Math.Max(0, timeout - (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
}
