using Microsoft.AspNetCore.Http;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Engine.Docker;

namespace Vitrine.Api.Endpoints;

/// <summary>Networks.</summary>
internal static class NetworkEndpoints
{
    public static void Map(Router router)
    {
        router.Get("/networks", List);
        router.Post("/networks/create", Create);
        router.Post("/networks/prune", Prune);
        router.Get("/networks/{id}", Inspect);
        router.Delete("/networks/{id}", Remove);
        router.Post("/networks/{id}/connect", Connect);
        router.Post("/networks/{id}/disconnect", Disconnect);
    }

    private static async Task List(ApiRequest request)
    {
        var networks = await request.Engine.ListNetworksAsync(request.Query.Filters(), request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(networks, DockerJson.Default.IReadOnlyListNetworkInspect).ConfigureAwait(false);
    }

    private static async Task Create(ApiRequest request)
    {
        var body = await request.BodyAsync(DockerJson.Default.NetworkCreateRequest).ConfigureAwait(false);
        var created = await request.Engine.CreateNetworkAsync(body, CancellationToken.None).ConfigureAwait(false);
        await request.WriteAsync(created, DockerJson.Default.NetworkCreateResponse, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task Inspect(ApiRequest request)
    {
        _ = request.Query.Switch("verbose");
        if (request.Query["scope"] is { Length: > 0 } and not "local")
            throw new VitrineException(ErrorKind.NotFound, $"network {request["id"]} not found");
        var network = await request.Engine.InspectNetworkAsync(request["id"], request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(network, DockerJson.Default.NetworkInspect).ConfigureAwait(false);
    }

    private static async Task Remove(ApiRequest request)
    {
        await request.Engine.RemoveNetworkAsync(request["id"], CancellationToken.None).ConfigureAwait(false);
        await request.DoneAsync().ConfigureAwait(false);
    }

    private static async Task Connect(ApiRequest request)
    {
        var body = await request.BodyAsync(DockerJson.Default.NetworkConnectRequest).ConfigureAwait(false);
        await request.Engine.ConnectNetworkAsync(request["id"], body, CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task Disconnect(ApiRequest request)
    {
        var body = await request.BodyAsync(DockerJson.Default.NetworkDisconnectRequest).ConfigureAwait(false);
        await request.Engine.DisconnectNetworkAsync(request["id"], body, CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task Prune(ApiRequest request)
    {
        var report = await request.Engine.PruneNetworksAsync(request.Query.Filters(), request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(report, DockerJson.Default.NetworksPruneReport).ConfigureAwait(false);
    }
}
