using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Runtime;
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
    private readonly ExecRequest _request;
    private readonly List<SafeFileHandle> _outputs = [];
    private readonly List<Watch> _drains = [];
    private int _pid;

    /// <param name="loop">The loop.</param>
    /// <param name="client">Who asked for it.</param>
    /// <param name="request">What was asked for; with the file to write how it is to, or null.</param>
    /// <param name="outputs">The reading ends of its pipes, which are duplicated.</param>
    public RunningExec(EventLoop loop, Client client, ExecRequest request, SafeFileHandle[] outputs)
    {
        _loop = loop;
        _client = client;
        _request = request;
        foreach (var output in outputs)
            _outputs.Add(Fd.Duplicate(output));
    }

    /// <summary>Its id, for events.</summary>
    public string Id => _request.Id;

    /// <summary>It runs. Its terminal stays open as long as it does: it would be hung up with the client otherwise.</summary>
    public void Started(LaunchedProcess process)
    {
        _pid = process.Pid;
        if (process.TerminalMaster is { } terminal)
            _outputs.Add(Fd.Duplicate(terminal));
        Record(new ExecStatus { Pid = _pid });
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
        foreach (var output in _outputs)
        {
            Fd.SetNonBlocking(output);
            Watch? drain = null;
            drain = _loop.Watch(output, EpollEvents.Read, _ => Drain(output, drain!));
            _drains.Add(drain);
        }
    }

    public void Dispose()
    {
        foreach (var drain in _drains)
            drain.Dispose();
        foreach (var output in _outputs)
            output.Dispose();
    }

    private static void Drain(SafeFileHandle output, Watch drain)
    {
        for (var i = 0; i < ReadsAtOnce; i++)
        {
            if (Read(output) is var count && count > 0)
                continue;
            // At its end it would be readable for ever.
            if (count == 0)
                drain.Events = EpollEvents.None;
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
        if (_request.StatusFile is not { } path)
            return;
        try
        {
            AtomicFile.Write(path, ShimCodec.Write(status).Span, durable: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever wanted to read it has removed its directory.
        }
    }
}
