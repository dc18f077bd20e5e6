using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Shim.Loop;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Shim.Control;

/// <summary>
/// A further process in the container: its end goes to the client that asked for it and into its status file. When that client
/// is gone, what the process still writes is read away, so that it neither waits for ever nor dies of a broken pipe.
/// </summary>
internal sealed class RunningExec : IDisposable
{
    private const int ReadsAtOnce = 16;

    private static readonly byte[] s_waste = new byte[16 << 10];

    private readonly EventLoop _loop;
    private readonly Client _client;
    private readonly string? _statusFile;
    private readonly SafeFileHandle[] _outputs;
    private readonly Watch?[] _drains;
    private int _pid;

    /// <param name="loop">The loop.</param>
    /// <param name="client">Who asked for it.</param>
    /// <param name="statusFile">Where to write how it is, or null.</param>
    /// <param name="outputs">The reading ends of its pipes, which are duplicated.</param>
    public RunningExec(EventLoop loop, Client client, string? statusFile, SafeFileHandle[] outputs)
    {
        _loop = loop;
        _client = client;
        _statusFile = statusFile;
        _outputs = Array.ConvertAll(outputs, static output => Fd.Duplicate(output));
        _drains = new Watch?[outputs.Length];
    }

    public void Started(int pid)
    {
        _pid = pid;
        Record(new ExecStatus { Pid = pid });
    }

    public void Ended(ExitStatus status)
    {
        Record(new ExecStatus { Pid = _pid, ExitCode = status.Code });
        _client.Exec = null;
        var reply = new ExitedReply { ExitCode = status.Code, Signal = status.Signal, FinishedAt = DateTimeOffset.UtcNow };
        _client.Send(MessageKind.ExecExited, ShimCodec.Write(reply).Span);
        Dispose();
    }

    /// <summary>Nobody reads what it writes any more.</summary>
    public void Abandon()
    {
        for (var i = 0; i < _outputs.Length; i++)
        {
            var index = i;
            _drains[i] ??= _loop.Watch(_outputs[i], EpollEvents.Read, _ => Drain(index));
        }
    }

    public void Dispose()
    {
        foreach (var drain in _drains)
            drain?.Dispose();
        foreach (var output in _outputs)
            output.Dispose();
    }

    private void Drain(int index)
    {
        for (var i = 0; i < ReadsAtOnce; i++)
        {
            if (Read(_outputs[index]) is var count && count > 0)
                continue;
            // At its end it would be readable for ever.
            if (count == 0)
                _drains[index]!.Events = EpollEvents.None;
            return;
        }
    }

    private static int Read(SafeFileHandle output)
    {
        try
        {
            return Fd.Read(output, s_waste);
        }
        catch (LinuxException)
        {
            return 0;
        }
    }

    private void Record(ExecStatus status)
    {
        if (_statusFile is null)
            return;
        try
        {
            AtomicFile.Write(_statusFile, ShimCodec.Write(status).Span, durable: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever wanted to read it has removed its directory.
        }
    }
}
