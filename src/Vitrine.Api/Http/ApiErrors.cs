using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vitrine.Linux;

namespace Vitrine.Api.Http;

/// <summary>The one place where a failure becomes an HTTP status.</summary>
internal static class ApiErrors
{
    public static int Status(Exception error) => error switch
    {
        VitrineException known => Status(known.Kind),
        BadHttpRequestException bad => bad.StatusCode,
        JsonException => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static string Message(Exception error) => error switch
    {
        VitrineException or LinuxException or IOException or BadHttpRequestException => error.Message,
        JsonException json => $"invalid JSON: {Reason(json)}",
        _ => $"{error.GetType().Name}: {error.Message}",
    };

    /// <summary>What is wrong where, without the names of this program's types.</summary>
    private static string Reason(JsonException error) => error.Message.Contains("could not be converted", StringComparison.Ordinal)
        ? $"{error.Path} has a value of another kind (line {error.LineNumber + 1}, byte {error.BytePositionInLine})"
        : error.Message;

    private static int Status(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Denied => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.NotImplemented => StatusCodes.Status501NotImplemented,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
