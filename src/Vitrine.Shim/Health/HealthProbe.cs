using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Runtime;
using Vitrine.Shim.Loop;
using Vitrine.ShimProtocol;

namespace Vitrine.Shim.Health;

/// <summary>One check that runs: its process and the beginning of its output.</summary>
internal sealed class HealthProbe : IDisposable
{
    private const int MaxOutput = 4096;

    private readonly LaunchedProcess _process;
    private readonly SafeFileHandle _output;
    private readonly Watch _watch;
    private readonly byte[] _text = new byte[MaxOutput];
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private int _length;
    private bool _cut;

    public HealthProbe(EventLoop loop, LaunchedProcess process, SafeFileHandle output)
    {
        _process = process;
        _output = output;
        Fd.SetNonBlocking(output);
        _watch = loop.Watch(output, EpollEvents.Read, _ => Read());
    }

    /// <summary>The time it was allowed, where it took longer and was killed.</summary>
    public string? Exceeded { get; private set; }

    /// <summary>It has taken too long.</summary>
    public void Kill(string allowed)
    {
        Exceeded = allowed;
        PidFd.Signal(_process.PidFd, Signals.SIGKILL);
    }

    /// <summary>What it has found, when its process has ended. Whatever it left behind may hold its output open, and is not waited for.</summary>
    public HealthResult Result(ExitStatus status)
    {
        while (Read())
        {
        }
        var text = Encoding.UTF8.GetString(_text, 0, _length) + (_cut ? "..." : "");
        if (Exceeded is { } allowed)
            text = $"Health check exceeded timeout ({allowed}){(text.Length > 0 ? ": " : "")}{text}";
        return new HealthResult { Start = _start, End = DateTimeOffset.UtcNow, ExitCode = Exceeded is null ? status.Code : -1, Output = text };
    }

    public void Dispose()
    {
        _watch.Dispose();
        _output.Dispose();
        _process.Dispose();
    }

    /// <summary>Takes what is there, and keeps it while there is room; false where nothing is.</summary>
    private bool Read()
    {
        Span<byte> rest = stackalloc byte[MaxOutput];
        var count = Fd.Read(_output, rest);
        if (count == 0)
            _watch.Dispose();
        if (count <= 0)
            return false;
        var taken = Math.Min(count, MaxOutput - _length);
        rest[..taken].CopyTo(_text.AsSpan(_length));
        _length += taken;
        _cut |= taken < count;
        return true;
    }
}
