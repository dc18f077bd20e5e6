using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Runtime;
using Vitrine.Shim.Loop;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Logs;

namespace Vitrine.Shim.Streams;

/// <summary>The standard streams of one run of the process: three pipes, or a terminal.</summary>
internal sealed class ContainerStreams : IDisposable
{
    private readonly List<SafeFileHandle> _files = [];
    private readonly List<OutputPump> _outputs = [];
    private readonly byte[] _buffer;
    private InputPump? _input;
    private SafeFileHandle? _terminal;
    private bool _paused;

    /// <param name="buffer">Room for one packet's worth of output.</param>
    public ContainerStreams(byte[] buffer) => _buffer = buffer;

    /// <summary>Whether all output has been taken.</summary>
    public bool HaveEnded => _outputs.TrueForAll(static output => output.HasEnded);

    /// <summary>Whether a client's input had better wait.</summary>
    public bool IsInputFull => _input?.IsFull == true;

    /// <summary>Launches the program with streams of its own.</summary>
    /// <exception cref="SetupException">It could not be started; the streams are to be disposed.</exception>
    /// <exception cref="LinuxException">No descriptor is left.</exception>
    public LaunchedProcess Launch(SetupProgram program, ContainerCgroup? cgroup, ShimPlan plan, EventLoop loop, OutputHub hub, Action inputDrained)
    {
        if (plan.Tty)
            return LaunchOnTerminal(program, cgroup, plan, loop, hub, inputDrained);

        using var stdout = Pipe.Create();
        using var stderr = Pipe.Create();
        using var stdin = plan.OpenStdin ? Pipe.Create() : null;
        using var nothing = plan.OpenStdin ? null : Fd.Open("/dev/null", OpenFlags.ReadOnly);
        var process = Launcher.Launch(program, new StandardIo(stdin?.Reader ?? nothing, stdout.Writer, stderr.Writer), cgroup);
        AddOutput(loop, Fd.Duplicate(stdout.Reader), LogStream.Stdout, hub);
        AddOutput(loop, Fd.Duplicate(stderr.Reader), LogStream.Stderr, hub);
        if (stdin is not null)
            AddInput(loop, Fd.Duplicate(stdin.Writer), inputDrained);
        return process;
    }

    /// <summary>Sets the terminal's size.</summary>
    /// <returns>False where there is no terminal.</returns>
    public bool Resize(TerminalSize size)
    {
        if (_terminal is null)
            return false;
        Terminal.SetSize(_terminal, new WindowSize(size.Rows, size.Columns));
        return true;
    }

    public void WriteInput(ReadOnlySpan<byte> bytes) => _input?.Write(bytes);

    public void CloseInput() => _input?.CloseWhenDrained();

    /// <summary>Makes the process wait with its output, or lets it go on.</summary>
    public void SetPaused(bool value)
    {
        if (value == _paused)
            return;
        _paused = value;
        foreach (var output in _outputs)
            output.SetPaused(value);
    }

    /// <summary>Takes what output there is and stops waiting for more.</summary>
    public void FinishOutput()
    {
        foreach (var output in _outputs)
            output.Finish();
    }

    public void Dispose()
    {
        _input?.Dispose();
        foreach (var output in _outputs)
            output.Dispose();
        foreach (var file in _files)
            file.Dispose();
    }

    private LaunchedProcess LaunchOnTerminal(SetupProgram program, ContainerCgroup? cgroup, ShimPlan plan, EventLoop loop, OutputHub hub, Action inputDrained)
    {
        var process = Launcher.Launch(program, StandardIo.Terminal, cgroup);
        _terminal = process.TerminalMaster ?? throw new InvalidOperationException("a program with a terminal gave none back");
        AddOutput(loop, _terminal, LogStream.Stdout, hub);
        // A second number of the same terminal: a loop watches each number once.
        if (plan.OpenStdin)
            AddInput(loop, Fd.Duplicate(_terminal), inputDrained);
        return process;
    }

    private void AddOutput(EventLoop loop, SafeFileHandle file, LogStream stream, OutputHub hub)
    {
        _files.Add(file);
        _outputs.Add(new OutputPump(loop, file, stream, hub, _buffer));
    }

    private void AddInput(EventLoop loop, SafeFileHandle file, Action drained)
    {
        _files.Add(file);
        _input = new InputPump(loop, file, drained);
    }
}
