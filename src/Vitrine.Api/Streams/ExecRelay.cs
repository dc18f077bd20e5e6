using Microsoft.Win32.SafeHandles;
using Vitrine.Engine;
using Vitrine.Engine.Waiting;
using Vitrine.Linux;

namespace Vitrine.Api.Streams;

/// <summary>Joins a client to a process that an exec started: until it has ended and its output has come, or the client goes.</summary>
/// <param name="session">The process.</param>
/// <param name="client">The client.</param>
/// <param name="readiness">For waiting.</param>
internal sealed class ExecRelay(ExecSession session, ClientStream client, Readiness readiness) : IDisposable
{
    private const int BufferSize = 32 << 10;

    /// <summary>Milliseconds of silence after the end of the process, whose children may hold its output open for ever.</summary>
    private const int Silence = 2000;

    /// <summary>One piece of output at a time: two streams share the client's buffer.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    private long _lastOutput;

    /// <summary>Relays.</summary>
    /// <param name="streams">Our ends of the process's streams; a terminal's master is both input and output.</param>
    /// <param name="detachKeys">What detaches; null where nothing typed does.</param>
    /// <returns>How the process ended; null where the client went first, or the shim was lost.</returns>
    public async Task<Engine.ExitStatus?> RunAsync((SafeFileHandle? Stdin, SafeFileHandle? Stdout, SafeFileHandle? Stderr) streams, byte[]? detachKeys)
    {
        using var over = new CancellationTokenSource();
        var output = Task.WhenAll(OutputAsync(streams.Stdout, OutputStream.Stdout, over.Token), OutputAsync(streams.Stderr, OutputStream.Stderr, over.Token));
        var input = streams.Stdin is null ? Task.Delay(Timeout.Infinite, over.Token) : InputAsync(streams.Stdin, detachKeys, over.Token);
        var ending = EndAsync(output, over.Token);
        await Task.WhenAny(ending, input, client.Gone).ConfigureAwait(false);
        if (input.IsCompletedSuccessfully)
            session.Detach();
        await over.CancelAsync().ConfigureAwait(false);
        await AttachRelay.Settle(output).ConfigureAwait(false);
        await AttachRelay.Settle(input).ConfigureAwait(false);
        await AttachRelay.Settle(ending).ConfigureAwait(false);
        return ending.IsCompletedSuccessfully ? ending.Result : null;
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Waits for the end of the process and of its output.</summary>
    private async Task<Engine.ExitStatus?> EndAsync(Task output, CancellationToken cancellation)
    {
        while (session.TryWait() is null)
            await readiness.WaitAsync(session.Handle, EpollEvents.Read, cancellation).ConfigureAwait(false);
        Interlocked.Exchange(ref _lastOutput, Environment.TickCount64);
        while (!output.IsCompleted && Environment.TickCount64 - Interlocked.Read(ref _lastOutput) < Silence)
            await Task.WhenAny(output, Task.Delay(Silence / 10, cancellation)).ConfigureAwait(false);
        return session.TryWait();
    }

    private async Task OutputAsync(SafeFileHandle? file, OutputStream stream, CancellationToken cancellation)
    {
        if (file is null)
            return;
        var buffer = new byte[BufferSize];
        while (true)
        {
            var count = Read(file, buffer);
            if (count == 0)
                return;
            if (count < 0)
            {
                await readiness.WaitAsync(file, EpollEvents.Read, cancellation).ConfigureAwait(false);
                continue;
            }
            await _turn.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                client.Write(stream, buffer.AsSpan(0, count));
                if (!await client.FlushAsync(cancellation).ConfigureAwait(false))
                    return;
            }
            finally
            {
                _turn.Release();
            }
            Interlocked.Exchange(ref _lastOutput, Environment.TickCount64);
        }
    }

    private static int Read(SafeFileHandle file, byte[] buffer)
    {
        try
        {
            return Fd.Read(file, buffer);
        }
        catch (LinuxException e) when (e.Errno is Errno.EIO)
        {
            // How a terminal's master tells that nobody has the other side open any more.
            return 0;
        }
    }

    /// <summary>Ends only where the client detaches.</summary>
    private async Task InputAsync(SafeFileHandle file, byte[]? detachKeys, CancellationToken cancellation)
    {
        // A terminal's one descriptor is waited on for output.
        using var handle = detachKeys is null ? null : Fd.Duplicate(file);
        try
        {
            if (await ClientInput.PassAsync(client, detachKeys, typed => WriteAsync(handle ?? file, typed, cancellation), cancellation).ConfigureAwait(false))
                return;
        }
        catch (LinuxException e) when (e.Errno is Errno.EPIPE or Errno.EIO)
        {
            // The process reads no more.
        }
        // A pipe has an end; a terminal has not.
        if (detachKeys is null)
            file.Dispose();
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
    }

    private async Task WriteAsync(SafeFileHandle file, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            var count = Fd.Write(file, bytes.Span);
            if (count < 0)
                await readiness.WaitAsync(file, EpollEvents.Write, cancellation).ConfigureAwait(false);
            else
                bytes = bytes[count..];
        }
    }
}
