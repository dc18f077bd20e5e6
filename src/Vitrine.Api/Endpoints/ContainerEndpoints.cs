using Microsoft.AspNetCore.Http;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Api.Wire;
using Vitrine.Engine;
using Vitrine.Engine.Docker;

namespace Vitrine.Api.Endpoints;

/// <summary>Containers: made, looked at, started, stopped, removed.</summary>
internal static class ContainerEndpoints
{
    private const int MaxStartBody = 7;

    public static void Map(Router router)
    {
        router.Get("/containers/json", List);
        router.Post("/containers/create", Create);
        router.Get("/containers/{id}/json", Inspect);
        router.Get("/containers/{id}/top", Top);
        router.Get("/containers/{id}/logs", ContainerLogs.ServeAsync);
        router.Post("/containers/{id}/start", Start);
        router.Post("/containers/{id}/stop", Stop);
        router.Post("/containers/{id}/restart", Restart);
        router.Post("/containers/{id}/kill", Kill);
        router.Post("/containers/{id}/rename", Rename);
        router.Post("/containers/{id}/resize", Resize);
        router.Post("/containers/{id}/wait", ContainerWait.ServeAsync);
        router.Delete("/containers/{id}", Remove);
    }

    private static async Task List(ApiRequest request)
    {
        var query = request.Query;
        var filters = new Dictionary<string, IReadOnlyList<string>>(query.Filters());
        foreach (var relation in new[] { "before", "since" })
        {
            if (query[relation] is { Length: > 0 } container)
                filters[relation] = [container];
        }
        var list = await request.Engine.ListAsync(new ListOptions
        {
            All = query.Flag("all"),
            Limit = Math.Max(query.Int("limit") ?? 0, 0),
            Size = query.Flag("size"),
            Filters = filters,
        }, request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(list, DockerJson.Default.IReadOnlyListContainerSummary, OldVersions.Container, OldVersions.ContainerSince).ConfigureAwait(false);
    }

    private static async Task Create(ApiRequest request)
    {
        var (body, warning) = OldRequests.Create(await request.BodyAsync(DockerJson.Default.ContainerCreateRequest).ConfigureAwait(false), request.Version);
        var name = request.Query["name"].TrimStart('/');
        var created = await request.Engine.CreateAsync(name.Length > 0 ? name : null, body, new CreateOptions
        {
            Platform = request.Version.Has(41) && request.Query["platform"] is { Length: > 0 } platform ? platform : null,
        }, request.Aborted).ConfigureAwait(false);
        if (warning is not null)
            created = created with { Warnings = [.. created.Warnings, warning] };
        await request.WriteAsync(created, DockerJson.Default.ContainerCreateResponse, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task Inspect(ApiRequest request)
    {
        var container = await request.Engine.InspectAsync(request["id"], request.Query.Flag("size"), request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(container, DockerJson.Default.ContainerInspect, OldVersions.ContainerInspect, OldVersions.ContainerSince).ConfigureAwait(false);
    }

    private static async Task Top(ApiRequest request)
    {
        var arguments = request.Query["ps_args"].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var top = await request.Engine.TopAsync(request["id"], arguments, request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(top, DockerJson.Default.TopResponse).ConfigureAwait(false);
    }

    private static async Task Start(ApiRequest request)
    {
        // A body was the host's configuration once; as docker has it, one of seven bytes or less says nothing.
        if (request.Http.Request.ContentLength > MaxStartBody || request.Http.Request.Headers.TransferEncoding.Count > 0)
            throw new VitrineException(ErrorKind.Invalid, "starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24");
        _ = Engine.Attaching.DetachKeys.Parse(request.Query["detachKeys"]);
        var container = await request.Engine.InspectAsync(request["id"], cancellation: request.Aborted).ConfigureAwait(false);
        if (container.State is { Running: true, Paused: false })
        {
            await request.StatusAsync(StatusCodes.Status304NotModified).ConfigureAwait(false);
            return;
        }
        await request.Services.Pending.StartAsync(request.Engine, container.Id).ConfigureAwait(false);
        await request.DoneAsync().ConfigureAwait(false);
    }

    private static async Task Stop(ApiRequest request)
    {
        var seconds = request.Query.Int("t");
        var container = await request.Engine.InspectAsync(request["id"], cancellation: request.Aborted).ConfigureAwait(false);
        if (!container.State.Running)
        {
            await request.StatusAsync(StatusCodes.Status304NotModified).ConfigureAwait(false);
            return;
        }
        await request.Engine.StopAsync(container.Id, StopSignal(request), seconds, CancellationToken.None).ConfigureAwait(false);
        await request.DoneAsync().ConfigureAwait(false);
    }

    private static async Task Restart(ApiRequest request)
    {
        await request.Engine.RestartAsync(request["id"], StopSignal(request), request.Query.Int("t"), CancellationToken.None).ConfigureAwait(false);
        await request.DoneAsync().ConfigureAwait(false);
    }

    private static async Task Kill(ApiRequest request)
    {
        await request.Engine.KillAsync(request["id"], Signal(request) ?? "KILL", request.Aborted).ConfigureAwait(false);
        await request.DoneAsync().ConfigureAwait(false);
    }

    private static async Task Rename(ApiRequest request)
    {
        var name = request.Query["name"].TrimStart('/');
        if (name.Length == 0)
            throw new VitrineException(ErrorKind.Invalid, "Neither old nor new names may be empty");
        await request.Engine.RenameAsync(request["id"], name, request.Aborted).ConfigureAwait(false);
        await request.DoneAsync().ConfigureAwait(false);
    }

    private static async Task Resize(ApiRequest request)
    {
        var (rows, columns) = TerminalSizes.Of(request.Query);
        await request.Engine.ResizeAsync(request["id"], rows, columns, request.Aborted).ConfigureAwait(false);
    }

    private static async Task Remove(ApiRequest request)
    {
        var query = request.Query;
        if (query.Flag("link"))
            throw new VitrineException(ErrorKind.Invalid, "links are not removed apart: remove the container that has them");
        await request.Engine.RemoveAsync(request["id"], query.Flag("force"), query.Flag("v"), CancellationToken.None).ConfigureAwait(false);
        await request.DoneAsync().ConfigureAwait(false);
    }

    /// <summary>The signal to stop with, which came with version 1.42.</summary>
    private static string? StopSignal(ApiRequest request) => request.Version.Has(42) ? Signal(request) : null;

    private static string? Signal(ApiRequest request) => request.Query["signal"] is { Length: > 0 } signal ? signal : null;
}
