using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Vitrine.Api.Routing;
using Vitrine.Engine;

namespace Vitrine.Api.Http;

/// <summary>A request to an operation, and the means to answer it.</summary>
internal sealed class ApiRequest(HttpContext http, RequestTarget target, IReadOnlyDictionary<string, string> values, ApiServices services)
{
    private const int MaxJsonBody = 4 << 20;

    public HttpContext Http => http;

    public RequestTarget Query => target;

    public ApiVersion Version => target.Version;

    public ApiServices Services => services;

    public ContainerEngine Engine => services.Engine;

    /// <summary>Ends when the client has gone.</summary>
    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>A parameter of the path.</summary>
    public string this[string name] => values[name];

    /// <summary>The body as JSON.</summary>
    /// <exception cref="VitrineException">Invalid: missing, too long or no JSON of the kind.</exception>
    public async Task<T> BodyAsync<T>(JsonTypeInfo<T> type) => await OptionalBodyAsync(type).ConfigureAwait(false)
        ?? throw new VitrineException(ErrorKind.Invalid, "invalid JSON: got EOF while reading request body");

    /// <summary>As <see cref="BodyAsync"/>, but no body at all is null.</summary>
    public async Task<T?> OptionalBodyAsync<T>(JsonTypeInfo<T> type)
    {
        var body = await ReadBodyAsync(MaxJsonBody).ConfigureAwait(false);
        if (body.Length == 0)
            return default;
        if (services.Audit is not null)
            http.Items[Serving.AuditBody.Key] = Serving.AuditBody.Of(body.Span, services.Mask);
        CheckType();
        return JsonSerializer.Deserialize(body.Span, type);
    }

    public async Task WriteAsync<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        JsonLine.Write(http.Response.BodyWriter, value, type);
        await http.Response.BodyWriter.FlushAsync(Aborted).ConfigureAwait(false);
    }

    /// <summary>As <see cref="WriteAsync"/>, in the form that the client's version of the API has.</summary>
    /// <param name="value">The answer, as it is now.</param>
    /// <param name="type">Its type.</param>
    /// <param name="adapt">Makes the older form of an object; called for each where the answer is a list.</param>
    /// <param name="since">The minor version that has the form of now already; null for the newest.</param>
    public async Task WriteAsync<T>(T value, JsonTypeInfo<T> type, Action<JsonObject, ApiVersion> adapt, int? since = null)
    {
        if (Version.Has(since ?? ApiVersion.Newest.Minor))
        {
            await WriteAsync(value, type).ConfigureAwait(false);
            return;
        }
        var node = JsonSerializer.SerializeToNode(value, type);
        foreach (var item in node is JsonArray list ? list.OfType<JsonObject>() : node is JsonObject one ? [one] : [])
            adapt(item, Version);
        await WriteAsync(node).ConfigureAwait(false);
    }

    /// <summary>Answers with JSON.</summary>
    public async Task WriteAsync(JsonNode? node)
    {
        http.Response.ContentType = "application/json";
        JsonLine.Write(http.Response.BodyWriter, node);
        await http.Response.BodyWriter.FlushAsync(Aborted).ConfigureAwait(false);
    }

    /// <summary>Answers with a status alone.</summary>
    public Task StatusAsync(int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>204: done, nothing to say.</summary>
    public Task DoneAsync() => StatusAsync(StatusCodes.Status204NoContent);

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(int limit)
    {
        if (http.Request.ContentLength > limit)
            throw TooLong(limit);
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(Aborted).ConfigureAwait(false);
            if (read.Buffer.Length > limit)
                throw TooLong(limit);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static BadHttpRequestException TooLong(int limit) =>
        new($"the request's body is longer than {limit} bytes", StatusCodes.Status413PayloadTooLarge);

    private void CheckType()
    {
        var type = http.Request.ContentType ?? "";
        var bare = type.Split(';')[0].Trim();
        if (bare.Length > 0 && bare != "application/json" && !bare.StartsWith("text/plain", StringComparison.Ordinal))
            throw new VitrineException(ErrorKind.Invalid, $"unsupported Content-Type header ({type}): must be 'application/json'");
    }
}
