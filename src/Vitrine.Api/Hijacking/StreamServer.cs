using Vitrine.Api.Streams;

namespace Vitrine.Api.Hijacking;

/// <summary>Serves the requests that become streams: finds who does, and answers what fails before that as HTTP.</summary>
internal sealed class StreamServer(ApiServices services)
{
    /// <summary>Whether a request becomes a stream.</summary>
    public static bool Wants(RequestHead head)
    {
        if (head.Method is not ("POST" or "GET") || !head.Target.Contains("/attach", StringComparison.Ordinal) && !head.Target.Contains("/exec/", StringComparison.Ordinal))
            return false;
        var question = head.Target.IndexOf('?', StringComparison.Ordinal);
        var segments = (question < 0 ? head.Target : head.Target[..question]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var tail = segments is [['v', ..], ..] && segments[0].Contains('.', StringComparison.Ordinal) ? segments[1..] : segments;
        return tail switch
        {
            ["containers", _, "attach"] or ["exec", _, "start"] => head.Method == "POST",
            ["containers", _, "attach", "ws"] => head.Method == "GET",
            _ => false,
        };
    }

    public async Task ServeAsync(HijackedRequest request)
    {
        var started = services.Time.GetTimestamp();
        var caller = services.Audit is null ? default : Serving.AuditLog.Identify(request.Connection.Features);
        var context = new StreamRequest(request, services);
        try
        {
            context.Parse();
            await (context.Target.Segments switch
            {
                ["containers", var container, "attach"] => AttachStreams.ServeAsync(context, Uri.UnescapeDataString(container)),
                ["containers", var container, "attach", "ws"] => AttachStreams.ServeWebSocketAsync(context, Uri.UnescapeDataString(container)),
                [_, var exec, ..] => ExecStreamsOfClients.ServeAsync(context, Uri.UnescapeDataString(exec)),
                _ => throw new VitrineException(ErrorKind.NotFound, "page not found"),
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (!context.IsStream)
        {
            await context.FailAsync(e).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or VitrineException or Linux.LinuxException or ObjectDisposedException)
        {
            // The stream has ended in the middle; its closing is all the client can be told.
            services.Log.Debug($"{request.Head.Method} {services.Mask.Target(request.Head.Target)}: {e.Message}");
        }
        services.Audit?.Write(caller, request.Head.Method, request.Head.Target, context.Status, started, null);
        await context.EndAsync().ConfigureAwait(false);
    }
}
