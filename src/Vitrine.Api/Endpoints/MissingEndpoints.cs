using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Api.Wire;

namespace Vitrine.Api.Endpoints;

/// <summary>What this engine does not do, answered as docker's clients expect.</summary>
internal static class MissingEndpoints
{
    private const string NoSwarm =
        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";

    private static readonly string[] s_swarm = ["swarm", "nodes", "services", "tasks", "secrets", "configs"];

    public static void Map(Router router)
    {
        foreach (var area in s_swarm)
        {
            foreach (var add in new Action<string, Func<ApiRequest, Task>>[] { router.Get, router.Post, router.Delete })
            {
                add($"/{area}", _ => throw new VitrineException(ErrorKind.Unavailable, NoSwarm));
                add($"/{area}/{{rest*}}", _ => throw new VitrineException(ErrorKind.Unavailable, NoSwarm));
            }
        }
        foreach (var add in new Action<string, Func<ApiRequest, Task>>[] { router.Get, router.Post, router.Delete })
        {
            add("/plugins", _ => throw NoPlugins());
            add("/plugins/{rest*}", _ => throw NoPlugins());
        }
        router.Post("/build", _ => throw NoBuild());
        // There is no cache to prune; docker system prune asks for it each time.
        router.Post("/build/prune", request => request.WriteAsync(new BuildPruneBody(), ApiJson.Default.BuildPruneBody));
        router.Post("/build/cancel", _ => throw NoBuild());
        router.Post("/session", _ => throw NoBuild());
        router.Post("/grpc", _ => throw NoBuild());
    }

    private static VitrineException NoPlugins() => new(ErrorKind.Unavailable, NoSwarm + " Plugins are not supported.");

    private static VitrineException NoBuild() => new(ErrorKind.NotImplemented, "Vitrine does not build images yet: build with another tool and load the image, or push it to a registry and pull it");
}
