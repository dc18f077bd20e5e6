using System.Text.Json;

namespace Vitrine.Images.Registry;

/// <summary>A registry's list of tags: <c>{"name":"...","tags":["...",...]}</c>; some write null for none.</summary>
internal static class TagList
{
    /// <exception cref="RegistryException">Unavailable: it is none.</exception>
    public static IReadOnlyList<string> Parse(byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            var tags = json.RootElement.GetProperty("tags");
            return tags.ValueKind == JsonValueKind.Null ? [] : [.. tags.EnumerateArray().Select(static tag => tag.GetString() ?? "").Where(static tag => tag.Length > 0)];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new RegistryException(ErrorKind.Unavailable, "the registry's list of tags is none", error);
        }
    }
}
