using System.Threading.Channels;
using Vitrine.Api.Wire;
using Vitrine.Images;

namespace Vitrine.Api.Http;

/// <summary>
/// The answer to what takes long: a line of JSON for each step, as docker's clients draw it. A failure before the first line is an
/// ordinary error; a later one is the last line.
/// </summary>
internal sealed class ProgressStream : IProgress<ImageProgress>
{
    /// <summary>Lines that wait for a slow client; beyond them counts of bytes, which the next one outdates, are left out.</summary>
    private const int MaxWaiting = 256;

    private readonly ApiRequest _request;
    private readonly Channel<ProgressBody> _lines = Channel.CreateUnbounded<ProgressBody>();

    /// <summary>Whether there is a line, so that the answer is, or will be, a stream: a failure is told in it.</summary>
    private volatile bool _hasBegun;

    private ProgressStream(ApiRequest request) => _request = request;

    /// <summary>Does the work and answers with its progress.</summary>
    public static async Task RunAsync(ApiRequest request, Func<ProgressStream, Task> work)
    {
        var progress = new ProgressStream(request);
        var writing = progress.WriteAsync();
        try
        {
            await work(progress).ConfigureAwait(false);
        }
        catch (Exception e) when (progress._hasBegun && !request.Aborted.IsCancellationRequested)
        {
            progress.Add(new ProgressBody { ErrorDetail = new ProgressError { Message = ApiErrors.Message(e) }, Error = ApiErrors.Message(e) });
        }
        finally
        {
            progress._lines.Writer.Complete();
            await writing.ConfigureAwait(false);
        }
    }

    public void Report(ImageProgress value)
    {
        if (value.Current is not null && _lines.Reader.Count > MaxWaiting)
            return;
        var detail = value.Id is null && value.Current is null ? null : new ProgressDetail { Current = value.Current ?? 0, Total = value.Total ?? 0 };
        Add(new ProgressBody
        {
            Status = value.Status,
            Id = value.Id,
            Detail = IsHeadline(value) ? null : detail,
            Progress = value.Current is { } current ? ProgressBar.Draw(current, value.Total ?? 0) : null,
        });
    }

    public void Add(ProgressBody line)
    {
        _hasBegun = true;
        _lines.Writer.TryWrite(line);
    }

    public void Stream(string text) => Add(new ProgressBody { Stream = text });

    public void Status(string text) => Add(new ProgressBody { Status = text });

    /// <summary>"Pulling from library/debian" has the tag as its id, and no progress.</summary>
    private static bool IsHeadline(ImageProgress value) => value.Status.StartsWith("Pulling from ", StringComparison.Ordinal);

    private async Task WriteAsync()
    {
        var response = _request.Http.Response;
        try
        {
            while (await _lines.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                if (!response.HasStarted)
                    response.ContentType = "application/json";
                while (_lines.Reader.TryRead(out var line))
                    JsonLine.Write(response.BodyWriter, line, ApiJson.Default.ProgressBody);
                await response.BodyWriter.FlushAsync(_request.Aborted).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone; what was asked for ends by its token.
        }
    }
}
