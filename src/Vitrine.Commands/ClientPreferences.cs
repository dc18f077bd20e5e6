using System.Text.Json;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Commands;

/// <summary>What docker's client config.json says of output and keys; the credentials in it are for whoever talks to registries.</summary>
public sealed record ClientPreferences
{
    public string? PsFormat { get; init; }
    public string? ImagesFormat { get; init; }
    public string? VolumesFormat { get; init; }
    public string? DetachKeys { get; init; }

    /// <summary>Reads config.json of a directory; a file that is not there or not readable says nothing.</summary>
    /// <exception cref="VitrineException">Invalid: it is no JSON object, or a field is no text.</exception>
    public static ClientPreferences Read(string directory)
    {
        var path = Path.Join(directory, "config.json");
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ClientPreferences();
        }
        catch (JsonException e)
        {
            throw new VitrineException(ErrorKind.Invalid, $"{path} cannot be used: {e.Message}", e);
        }
    }

    private static ClientPreferences Parse(ReadOnlySpan<byte> utf8)
    {
        var preferences = new ClientPreferences();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "psFormat": preferences = preferences with { PsFormat = json.Text() }; break;
                case "imagesFormat": preferences = preferences with { ImagesFormat = json.Text() }; break;
                case "volumesFormat": preferences = preferences with { VolumesFormat = json.Text() }; break;
                case "detachKeys": preferences = preferences with { DetachKeys = json.Text() }; break;
                default: json.Skip(); break;
            }
        }

        return preferences;
    }
}
