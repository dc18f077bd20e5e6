using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Linux;
using Vitrine.Oci;

namespace Vitrine.Images.Registry;

/// <summary>Turns what registries and networks answer into one line in docker's words (distribution-spec, Error Codes).</summary>
internal static class RegistryErrors
{
    private const int MaxBody = 64 * 1024;
    private const int MaxDetail = 300;

    private const string NoTls =
        "tls: the server does not speak it (plain http is for loopback addresses and \"insecure-registries\" only)";

    /// <summary>A request that got no answer.</summary>
    /// <param name="host">Who was asked.</param>
    /// <param name="error">What happened.</param>
    /// <param name="certificateProblem">What is wrong with the host's certificate, where that is what happened.</param>
    public static RegistryException Unreachable(string host, Exception error, string? certificateProblem = null)
    {
        var (reason, transient) = error switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => ("no such host", false),
            HttpRequestException { InnerException: SocketException socket } => Describe(socket),
            HttpRequestException { InnerException: AuthenticationException } when certificateProblem is not null =>
                ($"tls: {certificateProblem}", false),
            HttpRequestException { InnerException: AuthenticationException } => (NoTls, false),
            HttpRequestException { InnerException: IOException { InnerException: SocketException socket } } => Describe(socket),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => (NoTls, false),
            OperationCanceledException or TimeoutException => ("timed out", true),
            _ => (OneLine(error.Message), true),
        };
        return new RegistryException(ErrorKind.Unavailable, $"cannot reach registry {host}: {reason}", error)
        {
            IsTransient = transient,
            IsUnreachable = true,
        };
    }

    /// <summary>An answer that is no success.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="name">What was asked for.</param>
    /// <param name="cancellation">Ends reading it.</param>
    /// <param name="action">pull or push, for the message.</param>
    public static async Task<RegistryException> FromAsync(
        HttpResponseMessage response, ImageReference name, CancellationToken cancellation, string action = "pull")
    {
        var host = response.RequestMessage?.RequestUri?.Authority ?? name.Registry;
        var (code, detail) = await ReadAsync(response, cancellation).ConfigureAwait(false);
        var status = response.StatusCode;
        var cause = code is null ? $"registry {host} answered {(int)status} {response.ReasonPhrase}" : $"{Words(code)}: {detail ?? Words(code)}";
        return (status, code) switch
        {
            (HttpStatusCode.TooManyRequests, _) => new RegistryException(ErrorKind.Unavailable, code is null ? $"toomanyrequests: {cause}" : cause)
            {
                IsTransient = true,
                RetryAfter = RetryAfter(response),
            },
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) => new RegistryException(ErrorKind.Denied,
                $"{action} access denied for {name.FamiliarRepository}, repository does not exist or may require 'docker login': {cause}"),
            (HttpStatusCode.NotFound, "NAME_UNKNOWN") =>
                new RegistryException(ErrorKind.NotFound, $"repository {name.FamiliarRepository} not found: {cause}"),
            (HttpStatusCode.NotFound, "MANIFEST_UNKNOWN") =>
                new RegistryException(ErrorKind.NotFound, $"manifest for {name.Familiar} not found: {cause}"),
            (HttpStatusCode.NotFound, _) => new RegistryException(ErrorKind.NotFound, $"{name.Familiar} not found: {cause}"),
            (>= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout, _) =>
                new RegistryException(ErrorKind.Unavailable, $"{name.Registry}: {cause}") { IsTransient = true, RetryAfter = RetryAfter(response) },

            // What a server of https answers to plain http.
            (HttpStatusCode.BadRequest, null) => new RegistryException(ErrorKind.Unavailable, cause) { IsUnreachable = true },
            _ => new RegistryException(ErrorKind.Unavailable, $"{name.Registry}: {cause}"),
        };
    }

    private static (string Reason, bool Transient) Describe(SocketException error)
    {
        var errno = (Errno)error.NativeErrorCode;
        var text = error.SocketErrorCode == SocketError.TimedOut ? Errno.ETIMEDOUT.Describe() : errno.Describe();
        return (text, errno is not (Errno.ECONNREFUSED or Errno.ENETUNREACH or Errno.EACCES));
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow,
        _ => null,
    };

    private static async Task<(string? Code, string? Detail)> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            var body = await response.Content.ReadBoundedAsync(MaxBody, cancellation).ConfigureAwait(false);
            var first = JsonSerializer.Deserialize(body, RegistryJson.Default.ErrorBody)?.Errors is [var head, ..] ? head : null;
            return (first?.Code, first?.Message is { Length: > 0 } message ? OneLine(message) : null);
        }
        catch (Exception error) when (error is JsonException or IOException or HttpRequestException or RegistryException)
        {
            return (null, null);
        }
    }

    /// <summary><c>MANIFEST_UNKNOWN</c> as docker prints it: <c>manifest unknown</c>.</summary>
    private static string Words(string code) => OneLine(code).Replace('_', ' ').ToLowerInvariant();

    /// <summary>Foreign text on one line, without control characters that could write to the user's terminal.</summary>
    private static string OneLine(string text)
    {
        var line = string.Concat(text.Take(MaxDetail).Select(static c => char.IsControl(c) ? ' ' : c));
        return text.Length > MaxDetail ? line + "..." : line;
    }
}

/// <summary>The body of a registry's refusal.</summary>
internal sealed record ErrorBody
{
    [JsonPropertyName("errors")]
    public IReadOnlyList<ErrorDetail?>? Errors { get; init; }
}

internal sealed record ErrorDetail
{
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }
}
