using Vitrine.Api.Hijacking;
using Vitrine.Api.Routing;
using Vitrine.Engine;
using Vitrine.Engine.Attaching;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Waiting;

namespace Vitrine.Api.Streams;

/// <summary>POST /containers/{id}/attach and GET /containers/{id}/attach/ws.</summary>
internal static class AttachStreams
{
    /// <summary>Between two looks at a container that somebody else may start, while the host's events say nothing of it.</summary>
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lastLook = TimeSpan.FromSeconds(2);

    public static async Task ServeAsync(StreamRequest request, string name)
    {
        var container = await CheckAsync(request, name).ConfigureAwait(false);
        var tty = container.Config.Tty;
        var streams = Streams.Of(request.Target);
        using var pending = Prepare(request, container, streams);
        using var client = await request.UpgradeAsync(Frame.ContentType(request.Version, tty), framed: !tty).ConfigureAwait(false);
        await RelayAsync(request, container, client, pending, streams).ConfigureAwait(false);
    }

    public static async Task ServeWebSocketAsync(StreamRequest request, string name)
    {
        var container = await CheckAsync(request, name).ConfigureAwait(false);
        // Which streams a web socket has could not be said before version 1.42.
        var streams = request.Version.Has(42) ? Streams.Of(request.Target) : new Streams(true, true, true);
        using var pending = Prepare(request, container, streams);
        using var client = await WebSocketStream.AcceptAsync(request).ConfigureAwait(false);
        await RelayAsync(request, container, client, pending, streams).ConfigureAwait(false);
        await client.CloseAsync().ConfigureAwait(false);
    }

    /// <exception cref="VitrineException">NotFound; Conflict: paused or restarting; Invalid: no such detach keys.</exception>
    private static async Task<ContainerInspect> CheckAsync(StreamRequest request, string name)
    {
        _ = DetachKeys.Parse(request.Target["detachKeys"]);
        var container = await request.Services.Engine.InspectAsync(name).ConfigureAwait(false);
        return container.State.Status switch
        {
            "paused" => throw new VitrineException(ErrorKind.Conflict, $"container {container.Id} is paused, unpause the container before attach"),
            "restarting" => throw new VitrineException(ErrorKind.Conflict, $"container {container.Id} is restarting, wait until the container is running"),
            _ => container,
        };
    }

    /// <summary>Before the client hears an answer: its next request may be the start.</summary>
    private static PendingSession? Prepare(StreamRequest request, ContainerInspect container, Streams streams)
    {
        if (!request.Target.Flag("stream"))
            return null;
        if (!container.State.Running)
            _ = request.Services.Engine.PrepareStartAsync(container.Id);
        return request.Services.Pending.Add(container.Id, streams.Options());
    }

    private static async Task RelayAsync(StreamRequest request, ContainerInspect container, ClientStream client, PendingSession? pending, Streams streams)
    {
        var target = request.Target;
        if (target.Flag("logs") && (pending is null || !container.State.Running))
            await ReplayAsync(request, container.Id, client, streams, null).ConfigureAwait(false);
        if (pending is null || await OpenAsync(request.Services, pending, client).ConfigureAwait(false) is not { } opened)
            return;
        using var session = opened;
        if (target.Flag("logs") && container.State.Running)
        {
            // Attached first: what is written between the two is rather told twice than not at all.
            session.Settle();
            await ReplayAsync(request, container.Id, client, streams, request.Services.Time.GetUtcNow()).ConfigureAwait(false);
        }
        var keys = container.Config.Tty ? DetachKeys.Parse(target["detachKeys"]) : null;
        await new AttachRelay(session, client, request.Services.Readiness).RunAsync(streams.Stdin, keys, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>What a client attaches to.</summary>
    private readonly record struct Streams(bool Stdin, bool Stdout, bool Stderr)
    {
        public static Streams Of(RequestTarget target) => new(target.Flag("stdin"), target.Flag("stdout"), target.Flag("stderr"));

        public AttachOptions Options() => new() { Stdin = Stdin, Stdout = Stdout, Stderr = Stderr, UntilRemoved = false };
    }

    private static async Task ReplayAsync(StreamRequest request, string id, ClientStream client, Streams streams, DateTimeOffset? until)
    {
        var logs = new LogOptions { Stdout = streams.Stdout, Stderr = streams.Stderr, Until = until };
        await foreach (var line in request.Services.Engine.LogsAsync(id, logs).ConfigureAwait(false))
        {
            client.Write(line.Stream, line.Data.Span);
            if (!await client.FlushAsync(CancellationToken.None).ConfigureAwait(false))
                return;
        }
    }

    /// <summary>A session now where the container runs, otherwise when it is started, here or by another program. Null where the client went.</summary>
    private static async Task<ContainerSession?> OpenAsync(ApiServices services, PendingSession pending, ClientStream client)
    {
        using var news = services.Engine.OpenNews(pending.ContainerId);
        while (true)
        {
            if (pending.IsServed)
                return await pending.TakeAsync().ConfigureAwait(false);
            if (await TryAttachAsync(services, pending).ConfigureAwait(false) is { } session)
            {
                if (!pending.IsServed)
                    return session;
                // The start has opened one just before, and that has everything.
                session.Dispose();
                continue;
            }
            await Readiness.AnyAsync(null, CancellationToken.None, pending.Session.WaitAsync, client.Gone.WaitAsync,
                cancellation => news.WaitAsync(s_firstLook, s_lastLook, cancellation)).ConfigureAwait(false);
            if (client.Gone.IsCompleted || !await ExistsAsync(services, pending).ConfigureAwait(false))
                return null;
        }
    }

    private static async Task<ContainerSession?> TryAttachAsync(ApiServices services, PendingSession pending)
    {
        try
        {
            return await services.Engine.AttachAsync(pending.ContainerId, pending.Attach).ConfigureAwait(false);
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound or ErrorKind.Unavailable)
        {
            return null;
        }
    }

    private static async Task<bool> ExistsAsync(ApiServices services, PendingSession pending)
    {
        if (pending.IsServed)
            return true;
        try
        {
            var found = await services.Engine.InspectAsync(pending.ContainerId).ConfigureAwait(false);
            // A start that failed is the end of what was waited for.
            return found.State is not { Status: "created", Error.Length: > 0 };
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound)
        {
            return false;
        }
    }
}
