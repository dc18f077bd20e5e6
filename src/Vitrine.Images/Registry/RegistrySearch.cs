using System.Text.Json;
using Vitrine.Oci;

namespace Vitrine.Images.Registry;

/// <summary>One image that a search found.</summary>
public sealed record FoundImage(string Name, string Description, long Stars, bool IsOfficial);

/// <summary>The search of the first registry protocol, which docker.io still has: <c>/v1/search?q=TERM</c>.</summary>
public static class RegistrySearch
{
    private const int MaxAnswer = 4 << 20;
    private const int MaxResults = 100;

    /// <summary>Searches docker.io, or the registry that the term begins with.</summary>
    /// <param name="term">A word, or host/word.</param>
    /// <param name="limit">At most so many; 1 to 100.</param>
    /// <param name="options">Which registries are plain http; null reads the machine's configuration.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="VitrineException">Invalid; Unavailable: no answer, or a registry that has no search.</exception>
    public static async Task<IReadOnlyList<FoundImage>> FindAsync(string term, int limit, RegistryOptions? options = null, CancellationToken cancellation = default)
    {
        if (limit is < 1 or > MaxResults)
            throw new VitrineException(ErrorKind.Invalid, $"invalid search limit {limit}: it must be between 1 and {MaxResults}");
        var known = options ?? RegistryOptions.Load();
        var (host, words) = Split(term);
        using var http = new RegistryHttp(known.IdleTimeout);
        RegistryException? unreachable = null;
        foreach (var endpoint in RegistryEndpoint.Of(host, known with { Mirrors = null }))
        {
            var address = host == ImageReference.DefaultRegistry ? new Uri("https://index.docker.io") : endpoint.Address;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, $"/v1/search?q={Uri.EscapeDataString(words)}&n={limit}"));
                using var response = await http.SendAsync(request, endpoint.Verify, cancellation).ConfigureAwait(false);
                if (!response.IsSuccessStatusCode)
                    throw new VitrineException(ErrorKind.Unavailable, $"the registry {host} has no search (it answered {(int)response.StatusCode} to /v1/search)");
                return Parse(await response.Content.ReadBoundedAsync(MaxAnswer, cancellation).ConfigureAwait(false), host);
            }
            catch (RegistryException error) when (error.IsUnreachable)
            {
                unreachable ??= error;
            }
        }

        throw unreachable!;
    }

    private static (string Host, string Words) Split(string term)
    {
        var slash = term.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && term[..slash] is var first && (first.AsSpan().ContainsAny('.', ':') || first == "localhost")
            ? (RegistryLogin.HostOf(first), term[(slash + 1)..])
            : (ImageReference.DefaultRegistry, term);
    }

    private static List<FoundImage> Parse(byte[] answer, string host)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return [.. json.RootElement.GetProperty("results").EnumerateArray().Select(static item => new FoundImage(
                Text(item, "name"),
                Text(item, "description"),
                item.TryGetProperty("star_count", out var stars) && stars.TryGetInt64(out var count) ? count : 0,
                item.TryGetProperty("is_official", out var official) && official.ValueKind == JsonValueKind.True))];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new VitrineException(ErrorKind.Unavailable, $"the registry {host} has no search: its answer is not one", error);
        }
    }

    private static string Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
