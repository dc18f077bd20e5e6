using System.Text.Json;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Engine;
using Vitrine.Engine.Docker;

namespace Vitrine.Api.Endpoints;

/// <summary>The files of containers: copied in and out, exported, compared with the image.</summary>
internal static class FileEndpoints
{
    private const string StatHeader = "X-Docker-Container-Path-Stat";

    public static void Map(Router router)
    {
        router.Head("/containers/{id}/archive", Stat);
        router.Get("/containers/{id}/archive", Read);
        router.Put("/containers/{id}/archive", Write);
        router.Get("/containers/{id}/export", Export);
        router.Get("/containers/{id}/changes", Changes);
    }

    private static async Task Stat(ApiRequest request)
    {
        var stat = await request.Engine.StatPathAsync(request["id"], Path(request), request.Aborted).ConfigureAwait(false);
        Tell(request, stat);
    }

    private static async Task Read(ApiRequest request)
    {
        using var archive = await request.Engine.GetArchiveAsync(request["id"], Path(request), request.Aborted).ConfigureAwait(false);
        Tell(request, archive.Stat);
        request.Http.Response.ContentType = "application/x-tar";
        await archive.WriteToAsync(request.Http.Response.BodyWriter.AsStream(), request.Aborted).ConfigureAwait(false);
        await request.Http.Response.BodyWriter.FlushAsync(request.Aborted).ConfigureAwait(false);
    }

    private static Task Write(ApiRequest request) => request.Engine.PutArchiveAsync(
        request["id"], Path(request), request.Http.Request.BodyReader.AsStream(),
        new PutArchiveOptions
        {
            NoOverwriteDirNonDir = request.Query.Flag("noOverwriteDirNonDir"),
            CopyUidGid = request.Query.Flag("copyUIDGID"),
        },
        request.Aborted);

    private static async Task Export(ApiRequest request)
    {
        var response = request.Http.Response;
        var container = await request.Engine.InspectAsync(request["id"], cancellation: request.Aborted).ConfigureAwait(false);
        response.ContentType = "application/octet-stream";
        await request.Engine.ExportAsync(container.Id, response.BodyWriter.AsStream(), request.Aborted).ConfigureAwait(false);
        await response.BodyWriter.FlushAsync(request.Aborted).ConfigureAwait(false);
    }

    private static async Task Changes(ApiRequest request)
    {
        var changes = await request.Engine.DiffAsync(request["id"], request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(changes, DockerJson.Default.IReadOnlyListFilesystemChange).ConfigureAwait(false);
    }

    private static string Path(ApiRequest request) => request.Query["path"] is { Length: > 0 } path
        ? path
        : throw new VitrineException(ErrorKind.Invalid, "bad parameter: 'path' cannot be empty");

    private static void Tell(ApiRequest request, PathStat stat)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(stat, DockerJson.Default.PathStat);
        request.Http.Response.Headers[StatHeader] = Convert.ToBase64String(json);
    }
}
