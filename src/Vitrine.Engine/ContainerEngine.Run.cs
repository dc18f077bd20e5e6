using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Running;
using Vitrine.Engine.Waiting;
using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <content>From start to stop.</content>
public sealed partial class ContainerEngine
{
    /// <summary>Starts a created or exited container.</summary>
    /// <returns>A session where <paramref name="start"/> asks to attach, otherwise null. A container that runs already is
    /// left alone, and attached to where asked.</returns>
    /// <exception cref="ContainerStartException">The process could not be started; has docker's exit code 125, 126 or 127.</exception>
    public Task<ContainerSession?> StartAsync(string container, StartOptions? start = null, CancellationToken cancellation = default) =>
        Blocking.Now(() => Start(container, start ?? new StartOptions(), cancellation), cancellation);

    /// <summary>Attaches to the first process of a running container.</summary>
    /// <exception cref="VitrineException">Conflict: it does not run.</exception>
    public Task<ContainerSession> AttachAsync(string container, AttachOptions attach, CancellationToken cancellation = default) =>
        Blocking.Now(() =>
        {
            var found = _containers.Get(container);
            return found.State.Status switch
            {
                ContainerStatus.Running => Attach(found, attach, cancellation),
                ContainerStatus.Paused => throw Cannot("You cannot attach to a paused container, unpause it first"),
                ContainerStatus.Restarting => throw Cannot("You cannot attach to a restarting container, wait until it is running"),
                _ => throw Cannot("You cannot attach to a stopped container, start it first"),
            };
        }, cancellation);

    /// <summary>Sends the stop signal, and SIGKILL after the timeout; returns when the container has stopped.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="signal">Name or number of the signal; the container's own where null.</param>
    /// <param name="timeout">Seconds to wait, -1 for ever; the container's own where null.</param>
    /// <param name="cancellation">Stops waiting, not the stopping.</param>
    public async Task StopAsync(string container, string? signal = null, int? timeout = null, CancellationToken cancellation = default) =>
        await EndAsync(_containers.Get(container), new StopRequest { Signal = Number(signal), Timeout = timeout }, cancellation).ConfigureAwait(false);

    /// <summary>Sends a signal to the first process. SIGKILL ends the container for good: no restart policy brings it back.</summary>
    /// <exception cref="VitrineException">Conflict: it does not run.</exception>
    public async Task KillAsync(string container, string signal = "KILL", CancellationToken cancellation = default)
    {
        var number = ParseSignal(signal);
        var found = _containers.Get(container);
        VitrineException NotRunning() => Cannot($"cannot kill container: {container}: container {found.Id} is not running");
        using var client = (found.State.HasShim ? ShimClient.TryConnect(found.Paths.RunDirectory) : null) ?? throw NotRunning();
        try
        {
            if (number != Signals.SIGKILL)
            {
                client.Signal(number, cancellation);
                return;
            }
            client.RequestStop(new StopRequest { Signal = number, IsKill = true });
            if (await client.ExitedAsync(Readiness, cancellation).ConfigureAwait(false) is null)
                throw NotRunning();
        }
        catch (ShimLostException)
        {
            throw NotRunning();
        }
    }

    /// <summary><see cref="StopAsync"/>, then <see cref="StartAsync"/>.</summary>
    public async Task RestartAsync(string container, string? signal = null, int? timeout = null, CancellationToken cancellation = default)
    {
        await EndAsync(_containers.Get(container), new StopRequest { Signal = Number(signal), Timeout = timeout, Keep = true }, cancellation).ConfigureAwait(false);
        Start(container, new StartOptions(), cancellation)?.Dispose();
        _happenings.Container(_containers.Get(container).Record, "restart");
    }

    /// <summary>Sets the size of the first process's terminal.</summary>
    /// <exception cref="VitrineException">Conflict: it does not run, or has no terminal.</exception>
    public Task ResizeAsync(string container, ushort rows, ushort columns, CancellationToken cancellation = default) =>
        Blocking.Now(() =>
        {
            using var client = _containers.Get(container).Connect();
            client.Resize(new TerminalSize { Rows = rows, Columns = columns }, cancellation);
            return true;
        }, cancellation);

    /// <summary>Waits for a container to be not-running, for its next-exit or to be removed.</summary>
    public async Task<WaitResponse> WaitAsync(string container, string condition = "not-running", CancellationToken cancellation = default)
    {
        var wanted = condition switch
        {
            "" or "not-running" => WaitCondition.NotRunning,
            "next-exit" => WaitCondition.NextExit,
            "removed" => WaitCondition.Removed,
            _ => throw new VitrineException(ErrorKind.Invalid, $"invalid condition: \"{condition}\""),
        };
        return await new Waiter(_containers, Readiness).WaitAsync(_containers.Get(container), wanted, cancellation).ConfigureAwait(false);
    }

    private ContainerSession? Start(string container, StartOptions start, CancellationToken cancellation) =>
        Start(container, start, Interlocked.Exchange(ref _lastCreated, null), cancellation);

    private ContainerSession? Start(string container, StartOptions start, CreatedContainer? created, CancellationToken cancellation)
    {
        var attach = start.Attach;
        using var locked = _containers.Lock(container, cancellation, created);
        var found = locked.Container;
        if (found.State.Status is ContainerStatus.Paused)
            throw Cannot("cannot start a paused container, try unpause instead");
        if (created is not null && !ReferenceEquals(created.Record, found.Record))
            created = null;
        if (found.State.HasShim)
            return attach is null ? null : Attach(found, attach, cancellation);
        return _starter.Start(locked, created, attach, boot => Join(boot, found, start), cancellation) is { } client
            ? Session(client, found, attach!)
            : null;
    }

    private static void Join(ShimClient boot, Container found, StartOptions start) =>
        start.BeforeStart?.Invoke(new StartingContainer(attach =>
            Session(boot.Join(client => Starter.Subscribe(client, found.Record, attach)), found, attach with { TerminalSize = null })));

    private static ContainerSession Attach(Container found, AttachOptions attach, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var client = found.Connect();
        try
        {
            Starter.Subscribe(client, found.Record, attach);
        }
        catch
        {
            client.Dispose();
            throw;
        }
        return Session(client, found, attach);
    }

    private static ContainerSession Session(ShimClient client, Container found, AttachOptions attach)
    {
        var session = new ContainerSession(client, found.Id, found.Paths.RunDirectory, found.Record.Config.Tty);
        if (attach.TerminalSize is { } size && found.Record.Config.Tty)
            TryResize(client, size);
        return session;
    }

    private static void TryResize(ShimClient client, (ushort Rows, ushort Columns) size)
    {
        try
        {
            client.Resize(new TerminalSize { Rows = size.Rows, Columns = size.Columns });
        }
        catch (Exception e) when (e is ShimFailedException or ShimLostException)
        {
            // It has exited already: reading the session tells.
        }
    }

    /// <summary>Has a container's shim stop it, and waits until both are gone.</summary>
    private async Task EndAsync(Container found, StopRequest request, CancellationToken cancellation)
    {
        if (!found.State.HasShim || ShimClient.TryConnect(found.Paths.RunDirectory) is not { } client)
            return;
        using (client)
        {
            try
            {
                client.RequestStop(request);
                await client.ExitedAsync(Readiness, cancellation).ConfigureAwait(false);
            }
            catch (ShimLostException)
            {
                // It was at its end already and answers nobody any more, or was killed, and with it what it ran: what was wanted.
            }
        }
        await ShimAnswers.LeftAsync(found.Paths, found.State.ShimPid, cancellation).ConfigureAwait(false);
    }

    private static int? Number(string? signal) => signal is null ? null : ParseSignal(signal);

    private static int ParseSignal(string signal) => Signals.TryParse(signal, out var number)
        ? number
        : throw new VitrineException(ErrorKind.Invalid, $"invalid signal: {signal}");

    private static VitrineException Cannot(string message) => new(ErrorKind.Conflict, message);
}
