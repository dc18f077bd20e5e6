using Vitrine.Api.Routing;

namespace Vitrine.Api.Endpoints;

/// <summary>Every operation of the API.</summary>
internal static class Operations
{
    public static Router All()
    {
        var router = new Router();
        SystemEndpoints.Map(router);
        LifeEndpoints.Map(router);
        ContainerEndpoints.Map(router);
        ExecEndpoints.Map(router);
        RegistryEndpoints.Map(router);
        ImageEndpoints.Map(router);
        VolumeEndpoints.Map(router);
        NetworkEndpoints.Map(router);
        EventEndpoints.Map(router);
        FileEndpoints.Map(router);
        MissingEndpoints.Map(router);
        return router;
    }
}
