using Vitrine.Linux;
using Vitrine.Shim.Lifecycle;
using Vitrine.Shim.Loop;
using Vitrine.Shim.Streams;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Shim.Control;

/// <summary>The control socket and everybody connected to it, the boot connection first.</summary>
internal sealed partial class ControlServer : IDisposable
{
    private const int ListenPause = 100;

    private readonly EventLoop _loop;
    private readonly List<Client> _clients = [];
    private readonly List<Client> _dropped = [];
    private readonly Action _worked;
    private readonly LoopTimer _later;
    private readonly LoopTimer _listenAgain;
    private readonly Client _boot;
    private SeqpacketSocket? _listener;
    private Watch? _listening;
    private Supervisor? _supervisor;
    private ShimPlan? _plan;

    /// <param name="loop">The loop.</param>
    /// <param name="boot">The connection this shim was started with.</param>
    /// <param name="worked">Called after work that leaves garbage behind.</param>
    public ControlServer(EventLoop loop, SeqpacketSocket boot, Action worked)
    {
        _worked = worked;
        _loop = loop;
        _later = loop.Timer(Sweep);
        _listenAgain = loop.Timer(() => _listening!.Events = EpollEvents.Read);
        _boot = new Client(loop, boot, this);
        _clients.Add(_boot);
    }

    /// <summary>Everybody connected.</summary>
    public IReadOnlyCollection<IOutputClient> Clients => _clients;

    /// <summary>Room for one packet, shared: nothing stays in it between two messages.</summary>
    internal byte[] Buffer { get; } = new byte[ShimChannel.MaxPacketBytes];

    /// <summary>Whether the boot connection asked for the start.</summary>
    public bool StartRequested { get; private set; }

    /// <summary>Whether the boot connection ended before it asked for the start.</summary>
    public bool IsAbandoned => !StartRequested && _boot.IsGone;

    /// <summary>Whether everybody has got what was sent.</summary>
    public bool IsFlushed => !_clients.Exists(static client => client.IsStalled);

    /// <summary>Serves the container from now on.</summary>
    public void Serve(Supervisor supervisor, ShimPlan plan)
    {
        _supervisor = supervisor;
        _plan = plan;
        foreach (var client in _clients)
        {
            if (client.Attachment is not null)
                supervisor.Events.Tell("attach");
        }
        supervisor.RunEnded += OnRunEnded;
        supervisor.InputDrained += () =>
        {
            foreach (var client in _clients)
                client.SetDeaf(false);
        };
    }

    /// <summary>Takes connections at the control socket.</summary>
    /// <exception cref="LinuxException">The socket cannot be made.</exception>
    public void Listen(string directory)
    {
        _listener = SeqpacketSocket.Listen(directory, ShimClient.SocketName);
        _listening = _loop.Watch(_listener.Handle, EpollEvents.Read, _ => Accept());
    }

    public void Started(StartedReply reply)
    {
        _boot.Send(MessageKind.Started, ShimCodec.Write(reply).Span);
        _worked();
    }

    public void Failed(string message, int exitCode) => _boot.Fail(message, exitCode);

    /// <summary>No further connections, and the last word to all who still wait.</summary>
    public void Finish(ExitedReply reply)
    {
        _listenAgain.Cancel();
        _listening?.Dispose();
        _listener?.Dispose();
        var json = ShimCodec.Write(reply).Span;
        foreach (var client in _clients)
        {
            if (client.Waiting is not null)
                client.Send(MessageKind.Exited, json);
            client.Waiting = null;
        }
        Sweep();
    }

    /// <summary>Ends a connection. Whoever had the process's input may have been its only source.</summary>
    public void Drop(Client client)
    {
        if (client.IsGone)
            return;
        client.Dispose();
        _clients.Remove(client);
        if (client.Attachment?.Stdin == true)
            EndInput();
        UpdateBackpressure();
        _worked();
    }

    /// <summary>As <see cref="Drop"/>, when nobody is looking through the list.</summary>
    internal void DropLater(Client client)
    {
        _dropped.Add(client);
        _later.Set(0);
    }

    /// <summary>The process has to wait while a client is behind. When it has ended there is no more to come than the pipes hold.</summary>
    internal void UpdateBackpressure() => _supervisor?.Streams?.SetPaused(!IsFlushed);

    public void Dispose()
    {
        _listening?.Dispose();
        _listener?.Dispose();
        foreach (var client in _clients)
            client.Dispose();
        _boot.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (_listener!.Accept() is { } socket)
                _clients.Add(new Client(_loop, socket, this));
        }
        catch (LinuxException)
        {
            // No descriptor is left. Whoever waits is served when another has gone, and asking at once again would not help.
            _listening!.Events = EpollEvents.None;
            _listenAgain.Set(ListenPause);
        }
    }

    private void OnRunEnded(ExitedReply reply)
    {
        var json = ShimCodec.Write(reply).Span;
        foreach (var client in _clients)
        {
            client.SetDeaf(false);
            client.RunEnded(json);
        }
    }

    private void Sweep()
    {
        foreach (var client in _dropped)
            Drop(client);
        _dropped.Clear();
    }

    private void EndInput()
    {
        if (_plan is { StdinOnce: true, Tty: false })
            _supervisor?.Streams?.CloseInput();
    }
}
