using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>One run of a setup program, seen from the parent. Until <see cref="Run"/> returns, disposing it undoes everything.</summary>
internal sealed class Launch(SetupProgram program, StandardIo io, ContainerCgroup? cgroup, LaunchEvents events) : IDisposable
{
    private readonly List<string> _warnings = [];
    private int _pid;
    private SafeFileHandle? _pidFd;
    private SafeFileHandle? _terminal;
    private SafeFileHandle? _received;
    private SeqpacketSocket? _socket;
    private CgroupEntry? _entry;
    private bool _inCgroup;
    private bool _ready;

    public LaunchedProcess Run()
    {
        try
        {
            Clone();
            FollowStages();
            Join();
            FollowSetup();
        }
        catch (IOException e)
        {
            throw new SetupException($"unable to start container process: {e.Message}", cause: e);
        }

        var process = new LaunchedProcess(_pid, _pidFd!, _terminal, _warnings);
        _pidFd = _terminal = null;
        return process;
    }

    public void Dispose()
    {
        if (_pidFd is not null)
            Abandon(_pidFd);
        _pidFd?.Dispose();
        _terminal?.Dispose();
        _received?.Dispose();
        _socket?.Dispose();
        _entry?.Dispose();
    }

    private unsafe void Clone()
    {
        using var native = new NativeProgram(program);
        using var standard = program.Terminal ? null : new ChildIo(io, program.StdioOwner);
        standard?.Preset(native);
        using var mapped = new MappedMounts(program, native);
        if (program.HidesCommandLine)
            CommandLine.Preset(native);

        _entry = cgroup is null ? null : CgroupEntry.Open(cgroup, program);
        _inCgroup = cgroup is null || _entry?.Arrange(native) == true;
        (_socket, var childSocket) = SeqpacketSocket.Pair();
        using (childSocket)
        {
            using var control = ChildIo.AboveStandard(childSocket.Handle);
            native.Preset(Register.Control, control.DangerousGetHandle());
            native.Context->Halt = events.KillBefore;
            (_pid, _pidFd) = program.PidNamespaceOf is { } target
                ? PidNamespace.CloneInto(target, () => native.Clone(program.CloneFlags, _socket.Handle))
                : native.Clone(program.CloneFlags, _socket.Handle);
        }
    }

    /// <summary>Reads until the process that stays is known, and gives it what only the parent can.</summary>
    private void FollowStages()
    {
        for (var stage = 0; stage < program.StageCount; stage++)
        {
            var message = Receive() ?? throw Lost();
            switch (message.Kind)
            {
                case MessageKind.NextStage:
                    Continue((int)message.Value);
                    break;
                case MessageKind.IdMapsWanted:
                    IdMaps.Write(_pid, program);
                    _socket!.Send([1], [], wait: true);
                    break;
                default:
                    Handle(message);
                    stage--;
                    break;
            }
        }
    }

    /// <summary>The old stage has left; the next one is a child of this process, which nobody else can reap.</summary>
    private void Continue(int next)
    {
        using var old = _pidFd;
        _pidFd = PidFd.Open(next);
        _pid = next;
        PidFd.Reap(old!);
    }

    /// <summary>Puts the process into its cgroup, where it does not enter itself, and lets it go on.</summary>
    private void Join()
    {
        try
        {
            events.Identified?.Invoke(_pid);
            if (!_inCgroup)
                cgroup!.Join(_pid);
            _socket!.Send([1], [], wait: true);
        }
        catch (LinuxException)
        {
            // A process that failed meanwhile has said why: that is the error, not that it has gone.
            while (Receive(wait: false) is { } message)
                Handle(message);
            throw;
        }
    }

    private void FollowSetup()
    {
        while (Receive() is { } message)
            Handle(message);
        if (!_ready)
            throw Lost();
    }

    private void Handle(ControlMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Failed when program.Instructions[message.Index].Operation == Operation.EnterCgroup:
                throw _entry!.Refused(message);
            case MessageKind.Failed:
                throw SetupFailure.ToException(program, message.Index, message.Value);
            case MessageKind.Warning:
                _warnings.Add(SetupFailure.Describe(program, message.Index, message.Value));
                break;
            case MessageKind.Ready:
                _ready = true;
                break;
            case MessageKind.Listener:
                program.Listener!.Send(_pid, _received!);
                break;
            case MessageKind.Terminal:
                (_terminal, _received) = (_received, null);
                break;
            case MessageKind.HooksWanted:
                events.Hooks?.Invoke(new ExecTarget(_pid, _pidFd!));
                _socket!.Send([1], [], wait: true);
                break;
            case MessageKind.Reached:
                ThisProcess.Die();
                break;
        }
    }

    private ControlMessage? Receive(bool wait = true)
    {
        ControlMessage message = default;
        var packet = _socket!.Receive(MemoryMarshal.AsBytes(new Span<ControlMessage>(ref message)), wait);
        if (packet.Status != ReceiveStatus.Packet)
            return null;
        if (packet.Files is [var file, ..])
        {
            _received?.Dispose();
            _received = file;
        }

        return message;
    }

    /// <summary>The connection ended although the program did not: something killed the process.</summary>
    private SetupException Lost()
    {
        PidFd.Signal(_pidFd!, Signals.SIGKILL);
        var status = PidFd.Reap(_pidFd!);
        _pidFd!.Dispose();
        _pidFd = null;
        var how = status.Signal is { } signal ? $"killed by {Signals.Name(signal)}" : $"exit status {status.Code}";
        return new SetupException($"unable to start container process: it ended during its setup: {how}");
    }

    private static void Abandon(SafeFileHandle pidFd)
    {
        try
        {
            PidFd.Signal(pidFd, Signals.SIGKILL);
            PidFd.Reap(pidFd);
        }
        catch (LinuxException)
        {
            // Reaped by another part of this process: gone all the same.
        }
    }
}
