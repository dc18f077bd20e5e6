using Vitrine.Secrets;

namespace Vitrine.Api.Serving;

/// <summary>What of a request's body is written down: JSON without its secrets.</summary>
internal static class AuditBody
{
    /// <summary>Where a request keeps it until its end.</summary>
    public static readonly object Key = new();

    private const int MaxLength = 16 << 10;

    /// <summary>The body without its secrets; a mark in place of one that is no JSON, or very long.</summary>
    public static string Of(ReadOnlySpan<byte> body, TrafficMask mask) =>
        body.Length > MaxLength ? $"({body.Length} bytes)" : mask.Json(body) ?? $"({body.Length} bytes that are no JSON)";
}
