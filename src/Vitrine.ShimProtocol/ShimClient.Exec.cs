using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.ShimProtocol;

public sealed partial class ShimClient
{
    /// <summary>Starts a further process in the container. One connection carries one exec at a time.</summary>
    /// <param name="request">What to run. With a terminal the three descriptors are not used.</param>
    /// <param name="input">The process's stdin, or null for none.</param>
    /// <param name="output">Its stdout, or null for none.</param>
    /// <param name="errors">Its stderr, or null for none.</param>
    /// <param name="drained">The other ends of the pipes that are its stdout and stderr, not blocking, for the shim to read away when this
    /// client is gone; null where there are none.</param>
    /// <param name="cancellation">Ends the wait for the answer.</param>
    /// <exception cref="ShimFailedException">It could not be started (exit code 126 or 127), or the container is not running.</exception>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public ShimExec Exec(ExecRequest request, SafeFileHandle? input, SafeFileHandle? output, SafeFileHandle? errors,
        (SafeFileHandle Output, SafeFileHandle Errors)? drained = null, CancellationToken cancellation = default)
    {
        using var json = MemFd.Create("exec", ShimCodec.Write(request).Span);
        using var nothing = request.Process.Terminal ? null : File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        SafeFileHandle[] files = request.Process.Terminal ? [json] : [json, input ?? nothing!, output ?? nothing!, errors ?? nothing!];
        if (drained is var (ofOutput, ofErrors))
            files = [.. files, ofOutput, ofErrors];
        try
        {
            _channel.Send(MessageKind.Exec, default, files);
        }
        catch (LinuxException e) when (e.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            throw new ShimLostException("the container's shim is gone", e);
        }

        var answer = Await(MessageKind.ExecStarted, cancellation);
        var master = answer.Files.Count > 0 ? answer.Files[0] : null;
        return new ShimExec(this, ShimCodec.ReadStarted(answer.Payload.Span).Pid, master);
    }

    internal ExitedReply AwaitExecExit(CancellationToken cancellation) =>
        ShimCodec.ReadExited(Await(MessageKind.ExecExited, cancellation).Payload.Span);
}

/// <summary>A process that an exec started. It runs on when this is disposed or the connection closed.</summary>
public sealed class ShimExec : IDisposable
{
    private readonly ShimClient _client;

    internal ShimExec(ShimClient client, int pid, SafeFileHandle? terminal)
    {
        _client = client;
        Pid = pid;
        Terminal = terminal;
    }

    /// <summary>Host pid.</summary>
    public int Pid { get; }

    /// <summary>The master side of its terminal, the caller's to read, write, resize and close; null without one.</summary>
    public SafeFileHandle? Terminal { get; }

    /// <summary>Waits for its end. Poll the client's handle beforehand to do other things meanwhile.</summary>
    /// <exception cref="ShimLostException">The shim was killed meanwhile.</exception>
    public ExitedReply AwaitExit(CancellationToken cancellation = default) => _client.AwaitExecExit(cancellation);

    public void Dispose() => Terminal?.Dispose();
}
