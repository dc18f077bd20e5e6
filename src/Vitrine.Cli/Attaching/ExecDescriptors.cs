using Microsoft.Win32.SafeHandles;
using Vitrine.Engine;
using Vitrine.Linux;

namespace Vitrine.Cli.Attaching;

/// <summary>
/// The three descriptors that exec hands to a process without a terminal. Files and pipes go as they are, so that no byte is
/// copied. A terminal never does: a process in the container could change its settings or, with privileges, type into it;
/// and it would believe to have a terminal though nobody asked for one. In its place goes a pipe, which is relayed.
/// </summary>
internal sealed class ExecDescriptors : IDisposable
{
    private readonly List<Pipe> _pipes = [];
    private readonly List<Task> _outputs = [];
    private SafeFileHandle? _null;

    /// <summary>Chooses the descriptors.</summary>
    /// <param name="stdin">Whether the process gets the CLI's input; otherwise it reads /dev/null.</param>
    public static ExecDescriptors Open(bool stdin)
    {
        var descriptors = new ExecDescriptors();
        var input = stdin ? descriptors.Input() : descriptors.Null();
        descriptors.Streams = new ExecStreams(input, descriptors.Output(Fd.StandardOutput), descriptors.Output(Fd.StandardError));
        return descriptors;
    }

    public ExecStreams Streams { get; private set; } = null!;

    /// <summary>Closes our copies of what the process has now, so that the end of its output is seen.</summary>
    public void HandedOver()
    {
        foreach (var pipe in _pipes)
        {
            if (ReferenceEquals(pipe.Reader, Streams.Stdin))
                pipe.Reader.Dispose();
            else
                pipe.Writer.Dispose();
        }
    }

    /// <summary>Waits until what the process wrote has been passed on.</summary>
    public Task DrainAsync() => Task.WhenAll(_outputs);

    public void Dispose()
    {
        _pipes.ForEach(p => p.Dispose());
        _null?.Dispose();
    }

    private SafeFileHandle Null() => _null = File.OpenHandle("/dev/null");

    private SafeFileHandle Input()
    {
        if (!Terminal.IsTerminal(Fd.StandardInput))
            return Fd.StandardInput;
        var pipe = NewPipe();
        InputPump.Start(Fd.StandardInput, null, data => Fd.WriteAll(pipe.Writer, data.Span), pipe.Writer.Dispose, () => { });
        return pipe.Reader;
    }

    private SafeFileHandle Output(SafeFileHandle own)
    {
        if (!Terminal.IsTerminal(own))
            return own;
        var pipe = NewPipe();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        InputPump.Start(pipe.Reader, null, data => Fd.WriteAll(own, data.Span), done.SetResult, () => { });
        _outputs.Add(done.Task);
        return pipe.Writer;
    }

    private Pipe NewPipe()
    {
        var pipe = Pipe.Create();
        _pipes.Add(pipe);
        return pipe;
    }
}
