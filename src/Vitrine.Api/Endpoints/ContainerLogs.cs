using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Vitrine.Api.Http;
using Vitrine.Api.Streams;
using Vitrine.Engine;

namespace Vitrine.Api.Endpoints;

/// <summary>GET /containers/{id}/logs.</summary>
internal static class ContainerLogs
{
    public static async Task ServeAsync(ApiRequest request)
    {
        var query = request.Query;
        var options = new LogOptions
        {
            Stdout = query.Flag("stdout"),
            Stderr = query.Flag("stderr"),
            Follow = query.Flag("follow"),
            Tail = Tail(query["tail"]),
            Since = UnixTime.Parse(query["since"], "since"),
            Until = UnixTime.Parse(query["until"], "until"),
        };
        if (!options.Stdout && !options.Stderr)
            throw new VitrineException(ErrorKind.Invalid, "Bad parameters: you must choose at least one stream");
        var container = await request.Engine.InspectAsync(request["id"], cancellation: request.Aborted).ConfigureAwait(false);
        var tty = container.Config.Tty;
        var response = request.Http.Response;
        await using var lines = request.Engine.LogsAsync(container.Id, options, request.Aborted).GetAsyncEnumerator(request.Aborted);
        var reading = lines.MoveNextAsync().AsTask();
        response.ContentType = Frame.ContentType(request.Version, tty);
        var output = response.BodyWriter;
        // A log that cannot be read fails at once, and as an error.
        if (reading.IsCompleted && !await reading.ConfigureAwait(false))
            return;
        await response.StartAsync(request.Aborted).ConfigureAwait(false);
        await output.FlushAsync(request.Aborted).ConfigureAwait(false);
        while (await reading.ConfigureAwait(false))
        {
            Write(output, lines.Current, !tty, query.Flag("timestamps"));
            reading = lines.MoveNextAsync().AsTask();
            if ((!reading.IsCompleted || output is { CanGetUnflushedBytes: true, UnflushedBytes: > 32 << 10 })
                && (await output.FlushAsync(request.Aborted).ConfigureAwait(false)).IsCompleted)
                return;
        }
        await output.FlushAsync(request.Aborted).ConfigureAwait(false);
    }

    private static void Write(PipeWriter output, LogLine line, bool framed, bool timestamps)
    {
        var stamp = timestamps && line.StartsLine ? Encoding.ASCII.GetBytes(line.TimeText + " ") : [];
        if (!framed)
        {
            output.Put(stamp);
            output.Put(line.Data.Span);
            return;
        }
        if (stamp.Length == 0)
        {
            Frame.Write(output, line.Stream, line.Data.Span);
            return;
        }
        Frame.Write(output, line.Stream, [.. stamp, .. line.Data.Span]);
    }

    private static int? Tail(string text) =>
        text.Length == 0 || text == "all" || !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var lines) || lines < 0 ? null : lines;
}
