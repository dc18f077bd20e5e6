using Microsoft.Win32.SafeHandles;
using Vitrine.Engine.Attaching;
using Vitrine.Linux;

namespace Vitrine.Cli.Attaching;

/// <summary>
/// Reads the CLI's standard input on a thread of its own. The thread cannot be woken from a read, so nobody waits for it:
/// it ends with the program.
/// </summary>
internal static class InputPump
{
    private const int BufferSize = 32 << 10;

    /// <summary>Starts reading.</summary>
    /// <param name="input">Where to read from.</param>
    /// <param name="detach">The detach sequence, or null where input is no terminal.</param>
    /// <param name="write">Takes what was read; throws where the other side is gone, which ends the reading.</param>
    /// <param name="ended">Called at the end of input.</param>
    /// <param name="detached">Called when the detach sequence was typed.</param>
    public static void Start(SafeFileHandle input, byte[]? detach, Action<ReadOnlyMemory<byte>> write, Action ended, Action detached)
    {
        var detector = detach is null ? null : new DetachDetector(detach);
        var thread = new Thread(() => Pump(input, detector, write, ended, detached)) { IsBackground = true, Name = "stdin" };
        thread.Start();
    }

    private static void Pump(SafeFileHandle input, DetachDetector? detector, Action<ReadOnlyMemory<byte>> write, Action ended, Action detached)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (Fd.Read(input, buffer) is > 0 and var count)
            {
                if (detector is null)
                {
                    write(buffer.AsMemory(0, count));
                    continue;
                }

                var left = detector.Feed(buffer.AsSpan(0, count), out var passed);
                if (passed.Length > 0)
                    write(passed);
                if (!left)
                    continue;
                detached();
                return;
            }

            ended();
        }
        catch (Exception e) when (e is IOException or VitrineException or ObjectDisposedException or OperationCanceledException)
        {
            // The container's side is gone, or the terminal is: the reader of its output learns the same and ends the session.
        }
    }
}
