using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>The three descriptors that become fds 0 to 2, all numbered above 2 so that putting one in place hides no other.</summary>
internal sealed class ChildIo : IDisposable
{
    private readonly SafeFileHandle _input;
    private readonly SafeFileHandle _output;
    private readonly SafeFileHandle _error;

    public ChildIo(StandardIo io, uint owner)
    {
        _input = Prepare(io.Input, owner);
        _output = Prepare(io.Output, owner);
        _error = Prepare(io.Error, owner);
    }

    public void Preset(NativeProgram native)
    {
        native.Preset(Register.Input, _input.DangerousGetHandle());
        native.Preset(Register.Output, _output.DangerousGetHandle());
        native.Preset(Register.Error, _error.DangerousGetHandle());
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    /// <summary>The same file under a number above 2: the handle itself where it has one already.</summary>
    public static SafeFileHandle AboveStandard(SafeFileHandle file) =>
        file.DangerousGetHandle() > 2
            ? new SafeFileHandle(file.DangerousGetHandle(), ownsHandle: false)
            : Fd.Duplicate(file, atLeast: 3);

    private static SafeFileHandle Prepare(SafeFileHandle? file, uint owner)
    {
        if (file is null)
            throw new ArgumentException("a process without a terminal needs three descriptors");
        // A process under another user reopens its stdout as /dev/stdout: pipes are given to it, as runc does. Files are
        // the caller's own and stay so.
        if (owner != 0)
            PipeOwner.Give(file, owner);
        return AboveStandard(file);
    }
}
