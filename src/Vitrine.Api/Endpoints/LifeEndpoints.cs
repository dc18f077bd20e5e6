using System.Text.Json.Nodes;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Api.Wire;
using Vitrine.Engine.Docker;

namespace Vitrine.Api.Endpoints;

/// <summary>Containers that run: paused, changed, measured; and those that do not, removed together.</summary>
internal static class LifeEndpoints
{
    public static void Map(Router router)
    {
        router.Post("/containers/prune", Prune);
        router.Post("/containers/{id}/pause", Pause);
        router.Post("/containers/{id}/unpause", Unpause);
        router.Post("/containers/{id}/update", Update);
        router.Get("/containers/{id}/stats", Stats);
        router.Get("/info", Info);
    }

    private static async Task Pause(ApiRequest request)
    {
        await request.Engine.PauseAsync(request["id"], request.Aborted).ConfigureAwait(false);
        await request.DoneAsync().ConfigureAwait(false);
    }

    private static async Task Unpause(ApiRequest request)
    {
        await request.Engine.UnpauseAsync(request["id"], request.Aborted).ConfigureAwait(false);
        await request.DoneAsync().ConfigureAwait(false);
    }

    private static async Task Update(ApiRequest request)
    {
        var changes = OldRequests.Update(await request.BodyAsync(DockerJson.Default.HostConfig).ConfigureAwait(false), request.Version);
        var warnings = await request.Engine.UpdateAsync(request["id"], changes, CancellationToken.None).ConfigureAwait(false);
        await request.WriteAsync(new WarningsBody { Warnings = warnings.Count > 0 ? warnings : null }, ApiJson.Default.WarningsBody).ConfigureAwait(false);
    }

    private static async Task Stats(ApiRequest request)
    {
        var stream = request.Query.Flag("stream", whereMissing: true);
        var oneShot = request.Version.Has(41) && request.Query.Flag("one-shot");
        if (stream && oneShot)
            throw new VitrineException(ErrorKind.Invalid, "cannot have stream=true and one-shot=true");
        var output = request.Http.Response.BodyWriter;
        await foreach (var stats in request.Engine.StatsAsync(request["id"], stream, oneShot, request.Aborted).ConfigureAwait(false))
        {
            if (!request.Http.Response.HasStarted)
                request.Http.Response.ContentType = "application/json";
            output.Put(stats.ToJson().Span);
            output.Put("\n"u8);
            if ((await output.FlushAsync(request.Aborted).ConfigureAwait(false)).IsCompleted)
                return;
        }
    }

    private static async Task Prune(ApiRequest request)
    {
        var pruned = await request.Engine.PruneContainersAsync(request.Query.Filters(), request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(new ContainersPruneBody
        {
            ContainersDeleted = pruned.Removed.Count > 0 ? pruned.Removed : null,
            SpaceReclaimed = pruned.SpaceReclaimed,
        }, ApiJson.Default.ContainersPruneBody).ConfigureAwait(false);
    }

    private static async Task Info(ApiRequest request)
    {
        var info = await request.Engine.InfoAsync(ProductVersion.Text, request.Aborted).ConfigureAwait(false);
        var node = JsonNode.Parse(info.Span)!.AsObject();
        OldVersions.Info(node, request.Version);
        await request.WriteAsync(node).ConfigureAwait(false);
    }
}
