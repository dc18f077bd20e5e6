using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Shim.Oci;

/// <summary>Joins this process's stdin and stdout to the master of a container's terminal; raw where they are a terminal too.</summary>
internal sealed class TerminalProxy : IDisposable
{
    private const byte EndOfFile = 4; // Ctrl-D

    private readonly SafeFileHandle _master;
    private readonly TerminalMode? _mode;
    private readonly byte[] _buffer = new byte[16 * 1024];

    public TerminalProxy(SafeFileHandle master)
    {
        _master = master;
        Input = Fd.StandardInput;
        Output = master;
        if (!Terminal.IsTerminal(Fd.StandardInput))
            return;
        Resize();
        _mode = TerminalMode.EnterRaw(Fd.StandardInput);
    }

    /// <summary>What the user types; null when there is no more.</summary>
    public SafeFileHandle? Input { get; private set; }

    /// <summary>What the container's terminal shows; null when it is gone.</summary>
    public SafeFileHandle? Output { get; private set; }

    /// <summary>The container's terminal gets this one's size.</summary>
    public void Resize()
    {
        if (Terminal.GetSize(Fd.StandardInput) is { } size)
            Terminal.SetSize(_master, size);
    }

    public void TakeInput()
    {
        var count = Fd.Read(Fd.StandardInput, _buffer);
        if (count > 0)
        {
            Fd.WriteAll(_master, _buffer.AsSpan(0, count));
            return;
        }

        // The end of a file or pipe; on a terminal that is the key for it.
        Fd.WriteAll(_master, [EndOfFile]);
        Input = null;
    }

    public void TakeOutput()
    {
        try
        {
            var count = Fd.Read(_master, _buffer);
            if (count > 0)
                Fd.WriteAll(Fd.StandardOutput, _buffer.AsSpan(0, count));
            else
                Output = null;
        }
        catch (LinuxException e) when (e.Errno is Errno.EIO or Errno.EPIPE)
        {
            // Nobody has the terminal open any more, or nobody wants to see it.
            Output = null;
        }
    }

    public void Dispose() => _mode?.Dispose();
}
