using Vitrine.Api.Http;
using Vitrine.Api.Streams;
using Vitrine.Engine;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Waiting;
using Vitrine.Linux;

namespace Vitrine.Api.Endpoints;

/// <summary>
/// POST /containers/{id}/wait. The header is answered at once: docker run starts the container only when it has seen it.
/// </summary>
internal static class ContainerWait
{
    public static async Task ServeAsync(ApiRequest request)
    {
        var condition = request.Version.Has(30) ? request.Query["condition"] : "";
        if (condition is not ("" or "not-running" or "next-exit" or "removed"))
            throw new VitrineException(ErrorKind.Invalid, $"invalid condition: \"{condition}\"");
        var container = await request.Engine.InspectAsync(request["id"], cancellation: request.Aborted).ConfigureAwait(false);
        using var pending = condition is "" or "not-running" || container.State.Running ? null : request.Services.Pending.Add(container.Id, new AttachOptions
        {
            Stdout = false,
            Stderr = false,
            UntilRemoved = condition == "removed",
        });
        if (pending is not null && container.State.Status == "created")
            _ = request.Engine.PrepareStartAsync(container.Id);
        request.Http.Response.ContentType = "application/json";
        if (request.Version.Has(30))
        {
            await request.Http.Response.StartAsync(request.Aborted).ConfigureAwait(false);
            await request.Http.Response.BodyWriter.FlushAsync(request.Aborted).ConfigureAwait(false);
        }
        var answer = await WaitAsync(request, container.Id, condition, pending).ConfigureAwait(false);
        JsonLine.Write(request.Http.Response.BodyWriter, answer, DockerJson.Default.WaitResponse);
        await request.Http.Response.BodyWriter.FlushAsync(request.Aborted).ConfigureAwait(false);
    }

    /// <summary>Through the session that a start here hands out, which cannot miss the end; otherwise through the engine.</summary>
    private static async Task<WaitResponse> WaitAsync(ApiRequest request, string id, string condition, PendingSession? pending)
    {
        if (pending is null)
            return await request.Engine.WaitAsync(id, condition, request.Aborted).ConfigureAwait(false);
        using var other = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted);
        var byEngine = request.Engine.WaitAsync(id, condition, other.Token);
        await Task.WhenAny(byEngine, pending.Session).ConfigureAwait(false);
        if (!pending.Session.IsCompleted)
            return await byEngine.ConfigureAwait(false);
        var session = await pending.TakeAsync().ConfigureAwait(false);
        using (session)
        {
            if (await EndAsync(session, request.Services.Readiness, request.Aborted).ConfigureAwait(false) is not { } end)
                return await byEngine.ConfigureAwait(false);
            await other.CancelAsync().ConfigureAwait(false);
            await AttachRelay.Settle(byEngine).ConfigureAwait(false);
            // The shim's last word comes when it has cleaned up, which is the removal only for a container of --rm.
            if (condition == "removed" && await ExistsAsync(request, id).ConfigureAwait(false))
                return await request.Engine.WaitAsync(id, condition, request.Aborted).ConfigureAwait(false);
            return new WaitResponse
            {
                StatusCode = end.ExitCode,
                Error = end.Error.Length > 0 ? new WaitError { Message = end.Error } : null,
            };
        }
    }

    private static async Task<Engine.ExitStatus?> EndAsync(ContainerSession session, Readiness readiness, CancellationToken cancellation)
    {
        while (true)
        {
            switch (session.TryRead(static (_, _) => { }, out var end))
            {
                case SessionRead.End:
                    return end;
                case SessionRead.Nothing:
                    await readiness.WaitAsync(session.Handle, EpollEvents.Read, cancellation).ConfigureAwait(false);
                    break;
            }
        }
    }

    private static async Task<bool> ExistsAsync(ApiRequest request, string id)
    {
        try
        {
            await request.Engine.InspectAsync(id, cancellation: request.Aborted).ConfigureAwait(false);
            return true;
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound)
        {
            return false;
        }
    }
}
