using Microsoft.AspNetCore.Http;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Api.Wire;
using Vitrine.Engine;
using Vitrine.Engine.Docker;
using Vitrine.Images;
using Vitrine.Oci;

namespace Vitrine.Api.Endpoints;

/// <summary>Images: looked at, named, fetched, archived, removed.</summary>
internal static class ImageEndpoints
{
    public static void Map(Router router)
    {
        router.Get("/images/json", List);
        router.Post("/images/create", Create);
        router.Post("/images/prune", Prune);
        router.Post("/commit", Commit);
        router.Get("/images/get", SaveMany);
        router.Get("/images/{name*}/history", History);
        router.Post("/images/load", Load);
        router.Get("/images/{name*}/get", SaveOne);
        router.Get("/images/{name*}/json", Inspect);
        router.Post("/images/{name*}/tag", Tag);
        router.Delete("/images/{name*}", Remove);
    }

    private static async Task List(ApiRequest request)
    {
        var filters = new Dictionary<string, IReadOnlyList<string>>(request.Query.Filters());
        if (!request.Version.Has(41) && !filters.ContainsKey("reference") && request.Query["filter"] is { Length: > 0 } reference)
            filters["reference"] = [reference];
        var images = await request.Engine.ListImagesAsync(new ImageListOptions
        {
            Filters = filters,
            CountContainers = request.Version.Has(51),
            SharedSize = request.Version.Has(42) && request.Query.Flag("shared-size"),
        }, request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(images, DockerJson.Default.IReadOnlyListImageSummary, OldVersions.ImageSummary).ConfigureAwait(false);
    }

    private static async Task Inspect(ApiRequest request)
    {
        PlatformParameter.Check(request, request["name"], "platform", since: 49);
        if (request.Version.Has(49) && request.Query.Flag("manifests") && request.Query["platform"].Length > 0)
            throw new VitrineException(ErrorKind.Invalid, "conflicting options: manifests and platform options cannot both be set");
        var image = await request.Engine.InspectImageAsync(request["name"], request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(image, DockerJson.Default.ImageInspect, OldVersions.ImageInspect).ConfigureAwait(false);
    }

    private static async Task History(ApiRequest request)
    {
        PlatformParameter.Check(request, request["name"], "platform", since: 48);
        var history = await request.Engine.HistoryAsync(request["name"], request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(history, DockerJson.Default.IReadOnlyListHistoryItem).ConfigureAwait(false);
    }

    private static async Task Prune(ApiRequest request)
    {
        var report = await request.Engine.PruneImagesAsync(request.Query.Filters(), request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(report, DockerJson.Default.ImagePruneReport).ConfigureAwait(false);
    }

    private static async Task Commit(ApiRequest request)
    {
        var query = request.Query;
        var config = await request.OptionalBodyAsync(DockerJson.Default.ContainerConfig).ConfigureAwait(false);
        var (repo, tag) = (query["repo"], query["tag"]);
        var id = await request.Engine.CommitAsync(query["container"], new CommitOptions
        {
            Name = repo.Length == 0 ? null : tag.Length > 0 ? $"{repo}:{tag}" : repo,
            Comment = query["comment"],
            Author = query["author"],
            Changes = [.. query.All("changes").SelectMany(changes => changes.Split('\n', StringSplitOptions.RemoveEmptyEntries))],
            Config = config,
            Pause = query.Flag("pause", whereMissing: true),
        }, request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(new IdBody { Id = id }, ApiJson.Default.IdBody, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task Tag(ApiRequest request)
    {
        var repo = request.Query["repo"];
        var target = request.Query["tag"] is { Length: > 0 } tag ? $"{repo}:{tag}" : repo;
        await request.Engine.TagImageAsync(request["name"], target, request.Aborted).ConfigureAwait(false);
        await request.StatusAsync(StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task Remove(ApiRequest request)
    {
        PlatformParameter.Check(request, request["name"], "platforms", since: 50);
        var removed = await request.Engine.RemoveImageAsync(request["name"], request.Query.Flag("force"), CancellationToken.None).ConfigureAwait(false);
        await request.WriteAsync(removed, DockerJson.Default.IReadOnlyListImageDeleteItem).ConfigureAwait(false);
    }

    private static Task Create(ApiRequest request) =>
        request.Query["fromSrc"].Length > 0 ? ImportAsync(request) : PullAsync(request);

    private static Task PullAsync(ApiRequest request)
    {
        // docker pull -a sends a name with a colon at its end.
        var (name, tag) = (request.Query["fromImage"].TrimEnd(':'), request.Query["tag"]);
        if (name.Length == 0)
            throw new VitrineException(ErrorKind.Invalid, "invalid reference format: fromImage is missing");
        var reference = ImageReference.Parse(tag.Length == 0 ? name : tag.Contains(':', StringComparison.Ordinal) ? $"{name}@{tag}" : $"{name}:{tag}");
        var registry = RegistryAuth.Options(request, reference);
        return ProgressStream.RunAsync(request, async progress =>
        {
            var pull = new PullOptions { Platform = Platform(request), Progress = progress, Registry = registry };
            try
            {
                // Nothing but a repository means all its tags: the command line adds latest where it means that.
                await (reference is { Tag: null, Digest: null }
                    ? request.Engine.PullAllTagsAsync(reference, pull, request.Aborted)
                    : request.Engine.PullImageAsync(reference.ToString(), pull, request.Aborted)).ConfigureAwait(false);
            }
            catch (VitrineException e) when (e.Kind is ErrorKind.Denied)
            {
                // As dockerd has it: at 401 docker's command line asks for a login, and waits for ever where nobody is there to answer.
                throw new VitrineException(ErrorKind.NotFound, e.Message, e);
            }
        });
    }

    private static Task ImportAsync(ApiRequest request)
    {
        var query = request.Query;
        if (query["fromSrc"] != "-")
            throw new VitrineException(ErrorKind.NotImplemented, "importing from a URL is not supported: fetch it and send it as the request's body, with fromSrc=-");
        var repo = query["repo"];
        var options = new ImageImportOptions
        {
            Name = repo.Length == 0 ? null : ImageReference.Parse(query["tag"] is { Length: > 0 } tag ? $"{repo}:{tag}" : repo),
            Changes = query.All("changes"),
            Message = query["message"] is { Length: > 0 } message ? message : null,
            Platform = Platform(request),
        };
        return ProgressStream.RunAsync(request, async progress =>
            progress.Status(await request.Engine.ImportImageAsync(request.Http.Request.BodyReader.AsStream(), options, request.Aborted).ConfigureAwait(false)));
    }

    private static Task Load(ApiRequest request)
    {
        var platforms = PlatformParameter.Read(request, "platform", since: 48);
        return ProgressStream.RunAsync(request, progress => LoadAsync(request, platforms, progress));
    }

    private static async Task LoadAsync(ApiRequest request, IReadOnlyList<Platform> platforms, ProgressStream progress)
    {
        var quiet = request.Query.Flag("quiet", whereMissing: true);
        foreach (var image in await request.Engine.LoadImagesAsync(request.Http.Request.BodyReader.AsStream(), quiet ? null : progress, platforms.Count > 0 ? platforms : null, request.Aborted).ConfigureAwait(false))
        {
            foreach (var name in image.Names)
                progress.Stream($"Loaded image: {name.Familiar}\n");
            if (image.Names.Count == 0)
                progress.Stream($"Loaded image ID: {image.Id}\n");
        }
    }

    private static Task SaveOne(ApiRequest request) => SaveAsync(request, [request["name"]]);

    private static Task SaveMany(ApiRequest request) => SaveAsync(request, request.Query.All("names"));

    private static async Task SaveAsync(ApiRequest request, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            throw new VitrineException(ErrorKind.Invalid, "names are missing: which images?");
        foreach (var name in names)
            PlatformParameter.Check(request, name, "platform", since: 48);
        request.Http.Response.ContentType = "application/x-tar";
        await request.Engine.SaveImagesAsync(names, request.Http.Response.BodyWriter.AsStream(), request.Aborted).ConfigureAwait(false);
        await request.Http.Response.BodyWriter.FlushAsync(request.Aborted).ConfigureAwait(false);
    }

    private static Platform? Platform(ApiRequest request) =>
        request.Version.Has(32) && request.Query["platform"] is { Length: > 0 } platform ? Oci.Platform.Parse(platform) : null;
}
