using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Runtime;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Shim.Control;

/// <content>What each message means.</content>
internal sealed partial class ControlServer
{
    private const int MaxExecRequest = 3 << 20;
    private const int CannotStart = 125;

    internal void Handle(Client client, ShimMessage message)
    {
        try
        {
            Dispatch(client, message);
        }
        catch (SetupException e)
        {
            client.Fail(e.Message, e.ExitCode);
        }
        catch (Exception e) when (e is VitrineException or LinuxException or JsonException)
        {
            client.Fail(e.Message, CannotStart);
        }
    }

    private void Dispatch(Client client, ShimMessage message)
    {
        var payload = message.Payload.Span;
        switch (message.Kind)
        {
            case MessageKind.Closed:
                Drop(client);
                break;
            case MessageKind.Attach:
                client.Attachment = ShimCodec.ReadAttach(payload);
                _supervisor?.Events.Tell("attach");
                break;
            case MessageKind.Detach:
                Detach(client);
                break;
            case MessageKind.Start:
                StartRequested |= client == _boot;
                break;
            case MessageKind.Join when client == _boot && !StartRequested && message.Files.Count == 1:
                Join(message.Files[0]);
                break;
            case MessageKind.Stdin when client.Attachment?.Stdin == true:
                WriteInput(client, payload);
                break;
            case MessageKind.StdinClose when client.Attachment?.Stdin == true:
                EndInput();
                break;
            case MessageKind.Stdin or MessageKind.StdinClose:
                // The process it was meant for has ended meanwhile.
                break;
            case MessageKind.Wait:
                Wait(client, ShimCodec.ReadWait(payload).Condition);
                break;
            default:
                Command(client, message);
                break;
        }
    }

    /// <summary>What only a started container does.</summary>
    private void Command(Client client, ShimMessage message)
    {
        if (_supervisor is not { HasStarted: true } supervisor)
            throw new VitrineException(ErrorKind.Conflict, "the container was not started yet");
        var payload = message.Payload.Span;
        switch (message.Kind)
        {
            case MessageKind.Signal:
                supervisor.Signal(ShimCodec.ReadSignal(payload).Signal);
                client.Send(MessageKind.Done);
                break;
            case MessageKind.Resize:
                supervisor.Resize(ShimCodec.ReadSize(payload));
                client.Send(MessageKind.Done);
                break;
            case MessageKind.Reload:
                supervisor.Reload(ShimCodec.ReadReload(payload).Limits);
                client.Send(MessageKind.Done);
                _worked();
                break;
            case MessageKind.Pause:
                supervisor.Pause();
                client.Send(MessageKind.Done);
                break;
            case MessageKind.Unpause:
                supervisor.Unpause();
                client.Send(MessageKind.Done);
                break;
            case MessageKind.Stop:
                supervisor.Stop(ShimCodec.ReadStop(payload));
                client.Waiting = WaitCondition.Removed;
                break;
            case MessageKind.Exec:
                Exec(client, message.Files);
                break;
            default:
                // A newer or a broken peer: neither can be served.
                Drop(client);
                break;
        }
    }

    /// <summary>What was sent on it must be known before the start that is asked for next.</summary>
    private void Join(SafeFileHandle socket)
    {
        var client = new Client(_loop, SeqpacketSocket.Duplicate(socket), this);
        _clients.Add(client);
        client.Receive();
    }

    private void Detach(Client client)
    {
        if (client.Exec is { } exec)
            _supervisor?.Events.Tell("exec_detach", "execID", exec.Id);
        else if (client.Attachment is not null)
            _supervisor?.Events.Tell("detach");
        // Its end is then not that of the input.
        client.Attachment = null;
    }

    private void Wait(Client client, WaitCondition condition)
    {
        if (_supervisor is { HasEnded: true } ended && condition is not WaitCondition.Removed)
            client.Send(MessageKind.Exited, ShimCodec.Write(ended.LastExit).Span);
        else
            client.Waiting = condition;
    }

    private void WriteInput(Client client, ReadOnlySpan<byte> bytes)
    {
        if (_supervisor?.Streams is not { } streams)
            return;
        streams.WriteInput(bytes);
        client.SetDeaf(streams.IsInputFull);
    }

    private void Exec(Client client, IReadOnlyList<SafeFileHandle> files)
    {
        if (client.Exec is not null)
            throw new VitrineException(ErrorKind.Conflict, "this connection has an exec already");
        if (files.Count == 0)
            throw new VitrineException(ErrorKind.Invalid, "an exec needs its request");
        var request = ShimCodec.ReadExec(ReadAll(files[0]));
        var pipes = request.Process.Terminal ? 1 : 4;
        if (files.Count != pipes && files.Count != pipes + 2)
            throw new VitrineException(ErrorKind.Invalid, "an exec without a terminal needs three descriptors, one with a terminal none");

        var io = request.Process.Terminal ? StandardIo.Terminal : new StandardIo(files[1], files[2], files[3]);
        var exec = new RunningExec(_loop, client, request, files.Count > pipes ? [files[^2], files[^1]] : []);
        try
        {
            using var process = _supervisor!.Exec(request, io, exec.Ended);
            client.Exec = exec;
            _worked();
            var reply = new StartedReply { Pid = process.Pid, Warnings = process.Warnings };
            exec.Started(process);
            client.Send(MessageKind.ExecStarted, ShimCodec.Write(reply).Span, process.TerminalMaster);
        }
        catch
        {
            exec.Dispose();
            throw;
        }
    }

    private static byte[] ReadAll(SafeFileHandle file)
    {
        var text = new byte[Math.Min(RandomAccess.GetLength(file), MaxExecRequest)];
        return text[..RandomAccess.Read(file, text, 0)];
    }
}
