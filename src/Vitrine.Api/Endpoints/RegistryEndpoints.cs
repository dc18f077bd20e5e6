using Microsoft.AspNetCore.Http;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Api.Wire;
using Vitrine.Engine;
using Vitrine.Engine.Docker;
using Vitrine.Images;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Api.Endpoints;

/// <summary>What goes to registries and is asked of them.</summary>
internal static class RegistryEndpoints
{
    private const int DefaultSearchLimit = 25;
    private const int MaxSearchLimit = 100;

    public static void Map(Router router)
    {
        router.Post("/auth", Login);
        router.Get("/images/search", Search);
        router.Post("/images/{name*}/push", Push);
        router.Get("/distribution/{name*}/json", Distribution);
    }

    private static async Task Login(ApiRequest request)
    {
        var login = await request.BodyAsync(DockerJson.Default.AuthConfig).ConfigureAwait(false);
        var answer = await ContainerEngine.LoginAsync(login, RegistryOptions.Load(), request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(answer, DockerJson.Default.AuthResponse).ConfigureAwait(false);
    }

    private static async Task Search(ApiRequest request)
    {
        var limit = request.Query.Int("limit") is { } asked and not 0 ? asked : DefaultSearchLimit;
        if (limit is < 1 or > MaxSearchLimit)
            throw new VitrineException(ErrorKind.Invalid, $"limit {limit} is outside the range of [1, {MaxSearchLimit}]");
        var found = await ContainerEngine.SearchAsync(request.Query["term"], limit, request.Query.Filters(), request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(found, DockerJson.Default.IReadOnlyListSearchResult).ConfigureAwait(false);
    }

    private static Task Push(ApiRequest request)
    {
        var tag = request.Query["tag"];
        var name = ImageReference.Parse(tag.Length > 0 ? $"{request["name"]}:{tag}" : request["name"]);
        PlatformParameter.Check(request, name.ToString(), "platform", since: 46);
        var registry = RegistryAuth.Options(request, name);
        return ProgressStream.RunAsync(request, async progress =>
        {
            var pushed = await request.Engine.PushImageAsync(name.ToString(), new PushOptions
            {
                AllTags = name.Tag is null,
                Progress = progress,
                Registry = registry,
            }, request.Aborted).ConfigureAwait(false);
            foreach (var result in pushed)
            {
                progress.Add(new ProgressBody
                {
                    Detail = new ProgressDetail(),
                    Pushed = new PushedBody { Tag = result.Tag, Digest = result.Digest.ToString(), Size = result.Size },
                });
            }
        });
    }

    private static async Task Distribution(ApiRequest request)
    {
        var name = ImageReference.Parse(request["name"]);
        var found = await ContainerEngine.InspectDistributionAsync(name.ToString(), RegistryAuth.Options(request, name), request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(found, DockerJson.Default.DistributionInspect, StatusCodes.Status200OK).ConfigureAwait(false);
    }
}
