using Microsoft.AspNetCore.Http;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Api.Wire;
using Vitrine.Engine.Queries;

namespace Vitrine.Api.Endpoints;

/// <summary>Ping, version, and what concerns the whole host.</summary>
internal static class SystemEndpoints
{
    private static readonly string s_started = DateTimeOffset.UnixEpoch.ToString("yyyy-MM-ddTHH:mm:ss.fffffff'Z'");

    public static void Map(Router router)
    {
        router.Get("/_ping", Ping);
        router.Head("/_ping", Ping);
        router.Get("/version", Version);
        router.Get("/system/df", DiskUsageEndpoint.ServeAsync);
    }

    private static async Task Ping(ApiRequest request)
    {
        var response = request.Http.Response;
        response.Headers["Builder-Version"] = "1";
        response.Headers["Swarm"] = "inactive";
        response.Headers.CacheControl = "no-cache, no-store, must-revalidate";
        response.Headers.Pragma = "no-cache";
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = request.Http.Request.Method == HttpMethods.Head ? 0 : 2;
        if (response.ContentLength > 0)
            await response.WriteAsync("OK", request.Aborted).ConfigureAwait(false);
    }

    private static Task Version(ApiRequest request)
    {
        var kernel = HostDescription.KernelVersion;
        var details = new Dictionary<string, string>
        {
            ["ApiVersion"] = ApiVersion.Newest.ToString(),
            ["Arch"] = HostDescription.Architecture,
            ["BuildTime"] = s_started,
            ["Experimental"] = "false",
            ["GitCommit"] = "",
            ["GoVersion"] = "",
            ["KernelVersion"] = kernel,
            ["MinAPIVersion"] = ApiVersion.Oldest.ToString(),
            ["Os"] = "linux",
        };
        return request.WriteAsync(new VersionBody
        {
            Platform = new VersionPlatform { Name = "Vitrine" },
            Components = [new VersionComponent { Name = "Engine", Version = ProductVersion.Text, Details = details }],
            Version = ProductVersion.Text,
            ApiVersion = ApiVersion.Newest.ToString(),
            MinApiVersion = ApiVersion.Oldest.ToString(),
            GitCommit = "",
            GoVersion = "",
            Os = "linux",
            Arch = HostDescription.Architecture,
            KernelVersion = kernel,
            BuildTime = s_started,
        }, ApiJson.Default.VersionBody);
    }
}
