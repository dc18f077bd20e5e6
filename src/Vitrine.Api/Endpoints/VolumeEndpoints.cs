using Microsoft.AspNetCore.Http;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Engine.Docker;

namespace Vitrine.Api.Endpoints;

/// <summary>Volumes.</summary>
internal static class VolumeEndpoints
{
    public static void Map(Router router)
    {
        router.Get("/volumes", List);
        router.Post("/volumes/create", Create);
        router.Post("/volumes/prune", Prune);
        router.Get("/volumes/{name}", Inspect);
        router.Put("/volumes/{name}", _ => throw new VitrineException(ErrorKind.Unavailable, "volume update only valid for cluster volumes, but swarm is unavailable"));
        router.Delete("/volumes/{name}", Remove);
    }

    private static async Task List(ApiRequest request)
    {
        var list = await request.Engine.ListVolumesAsync(request.Query.Filters(), cancellation: request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(list, DockerJson.Default.VolumeListResponse).ConfigureAwait(false);
    }

    private static async Task Create(ApiRequest request)
    {
        var volume = await request.OptionalBodyAsync(DockerJson.Default.VolumeCreateOptions).ConfigureAwait(false);
        var created = await request.Engine.CreateVolumeAsync(volume, request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(created, DockerJson.Default.Volume, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task Inspect(ApiRequest request)
    {
        var volume = await request.Engine.InspectVolumeAsync(request["name"], request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(volume, DockerJson.Default.Volume).ConfigureAwait(false);
    }

    private static async Task Remove(ApiRequest request)
    {
        await request.Engine.RemoveVolumeAsync(request["name"], request.Query.Flag("force"), request.Aborted).ConfigureAwait(false);
        await request.DoneAsync().ConfigureAwait(false);
    }

    private static async Task Prune(ApiRequest request)
    {
        var filters = new Dictionary<string, IReadOnlyList<string>>(request.Query.Filters());
        // Before version 1.42 named volumes went too.
        if (!request.Version.Has(42))
            filters["all"] = ["true"];
        var report = await request.Engine.PruneVolumesAsync(filters, request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(report, DockerJson.Default.VolumesPruneReport).ConfigureAwait(false);
    }
}
