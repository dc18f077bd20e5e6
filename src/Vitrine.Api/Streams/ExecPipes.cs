using Microsoft.Win32.SafeHandles;
using Vitrine.Engine;
using Vitrine.Linux;

namespace Vitrine.Api.Streams;

/// <summary>The pipes between this server and a process without a terminal. A stream nobody asked for is /dev/null.</summary>
internal sealed class ExecPipes : IDisposable
{
    private readonly Pipe? _stdin;
    private readonly Pipe? _stdout;
    private readonly Pipe? _stderr;

    public ExecPipes(bool stdin, bool stdout, bool stderr)
    {
        _stdin = stdin ? Pipe.Create() : null;
        // One that is not asked for is read all the same by nobody: the process must not die of it, so it gets /dev/null.
        _stdout = stdout ? Pipe.Create() : null;
        _stderr = stderr ? Pipe.Create() : null;
        foreach (var ours in new[] { _stdin?.Writer, _stdout?.Reader, _stderr?.Reader })
        {
            if (ours is not null)
                Fd.SetNonBlocking(ours);
        }
        var drained = (_stdout ?? _stderr)?.Reader;
        Theirs = new ExecStreams(_stdin?.Reader, _stdout?.Writer, _stderr?.Writer)
        {
            Drained = drained is null ? null : (drained, _stderr?.Reader ?? drained),
        };
    }

    /// <summary>What the process gets.</summary>
    public ExecStreams Theirs { get; }

    public SafeFileHandle? Stdin => _stdin?.Writer;

    public SafeFileHandle? Stdout => _stdout?.Reader;

    public SafeFileHandle? Stderr => _stderr?.Reader;

    /// <summary>Closes our copies of what the process has, so that the end of its output is seen.</summary>
    public void HandedOver()
    {
        _stdin?.Reader.Dispose();
        _stdout?.Writer.Dispose();
        _stderr?.Writer.Dispose();
    }

    public void Dispose()
    {
        _stdin?.Dispose();
        _stdout?.Dispose();
        _stderr?.Dispose();
    }
}
