using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Engine;

namespace Vitrine.Api.Endpoints;

/// <summary>GET /events: what happens on this host, as it happens, or what has happened.</summary>
internal static class EventEndpoints
{
    public static void Map(Router router) => router.Get("/events", Events);

    private static async Task Events(ApiRequest request)
    {
        var query = request.Query;
        var response = request.Http.Response;
        // Open before the header is answered: a client that has seen it misses nothing that happens then.
        using var events = request.Engine.OpenEvents(new EventOptions
        {
            Since = UnixTime.Parse(query["since"], "since"),
            Until = UnixTime.Parse(query["until"], "until"),
            Filters = query.Filters(),
        });
        response.ContentType = "application/json";
        await response.StartAsync(request.Aborted).ConfigureAwait(false);
        await response.BodyWriter.FlushAsync(request.Aborted).ConfigureAwait(false);
        await foreach (var message in events.ReadAllAsync(request.Aborted).ConfigureAwait(false))
        {
            response.BodyWriter.Put(message.ToJson().Span);
            response.BodyWriter.Put("\n"u8);
            if ((await response.BodyWriter.FlushAsync(request.Aborted).ConfigureAwait(false)).IsCompleted)
                return;
        }
    }
}
