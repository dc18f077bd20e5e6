using Vitrine.Api.Http;
using Vitrine.Api.Wire;

namespace Vitrine.Api.Endpoints;

/// <summary>GET /system/df: what takes how much room.</summary>
internal static class DiskUsageEndpoint
{
    private static readonly string[] s_types = ["container", "image", "volume", "build-cache"];

    public static async Task ServeAsync(ApiRequest request)
    {
        var types = request.Version.Has(42) ? request.Query.All("type") : [];
        if (types.FirstOrDefault(type => !s_types.Contains(type)) is { } unknown)
            throw new VitrineException(ErrorKind.Invalid, $"unknown object type: {unknown}");
        bool Wants(string type) => types.Count == 0 || types.Contains(type);
        var usage = await request.Engine.DiskUsageAsync(request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(new DiskUsageBody
        {
            LayersSize = Wants("image") ? usage.LayersSize : 0,
            Images = Wants("image") ? usage.Images : null,
            Containers = Wants("container") ? usage.Containers : null,
            Volumes = Wants("volume") ? usage.Volumes : null,
            BuildCache = Wants("build-cache") ? [] : null,
        }, DiskUsageJson.Default.DiskUsageBody, OldVersions.DiskUsage, since: 44).ConfigureAwait(false);
    }
}
