using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>A process that only waits in new namespaces, so that they can be opened; it leaves when this is disposed.</summary>
internal sealed class NamespaceHolder : IDisposable
{
    private readonly SeqpacketSocket _socket;
    private readonly SafeFileHandle _pidFd;
    private readonly int _pid;

    /// <param name="native">What it runs: a program that waits for its parent.</param>
    /// <param name="program">The same, with the maps of its user namespace.</param>
    public NamespaceHolder(NativeProgram native, SetupProgram program)
    {
        (_socket, var childSocket) = SeqpacketSocket.Pair();
        using (childSocket)
        {
            native.Preset(Register.Control, childSocket.Handle.DangerousGetHandle());
            (_pid, _pidFd) = native.Clone(program.CloneFlags, _socket.Handle);
        }

        try
        {
            IdMaps.Write(_pid, program);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A descriptor of one of its namespaces, which keeps the namespace when the process has left.</summary>
    public SafeFileHandle Open(string kind) => Fd.Open($"/proc/{_pid}/ns/{kind}", OpenFlags.ReadOnly);

    public void Dispose()
    {
        _socket.Dispose();
        PidFd.Reap(_pidFd);
        _pidFd.Dispose();
    }
}
