using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Linux;

namespace Vitrine.Images.Registry;

/// <summary>
/// Programs that keep logins, <c>docker-credential-NAME get</c>: the registry on stdin, JSON with name and secret on stdout
/// (github.com/docker/docker-credential-helpers).
/// </summary>
internal static class CredentialHelper
{
    private const string TokenUser = "<token>";
    private const string NotFound = "credentials not found in native keychain";
    private const int Timeout = 60_000;

    /// <summary>Asks a helper for the login to a registry; null where it has none.</summary>
    /// <exception cref="VitrineException">Denied, in docker's words: the helper is missing or failed.</exception>
    public static RegistryCredentials? Get(string name, string registry)
    {
        var run = Run(name, "get", Encoding.UTF8.GetBytes(registry));
        var output = Encoding.UTF8.GetString(run.Output).Trim();
        if (run.ExitCode != 0)
            return output == NotFound ? null : throw Failed($"exit status {run.ExitCode}", output);
        try
        {
            return JsonSerializer.Deserialize(output, RegistryJson.Default.HelperAnswer) switch
            {
                { Username: TokenUser, Secret: { } token } => new RegistryCredentials("", "", IdentityToken: token),
                { Username: { Length: > 0 } user, Secret: { } secret } => new RegistryCredentials(user, secret),
                _ => null,
            };
        }
        catch (JsonException)
        {
            // The output may hold the secret: it is not shown.
            throw Failed("its answer is not the JSON of a login", "");
        }
    }

    /// <summary>Gives a helper a login to keep.</summary>
    /// <exception cref="VitrineException">Denied: the helper is missing or failed.</exception>
    public static void Store(string name, string registry, RegistryCredentials login)
    {
        using var request = new MemoryStream();
        using (var json = new Utf8JsonWriter(request))
        {
            json.WriteStartObject();
            json.WriteString("ServerURL", registry);
            json.WriteString("Username", login.IdentityToken is { Length: > 0 } ? TokenUser : login.User);
            json.WriteString("Secret", login.IdentityToken is { Length: > 0 } token ? token : login.Password);
            json.WriteEndObject();
        }

        var run = Run(name, "store", request.ToArray());
        if (run.ExitCode != 0)
            throw Failed($"exit status {run.ExitCode}", Encoding.UTF8.GetString(run.Output).Trim());
    }

    /// <summary>Has a helper forget a login.</summary>
    /// <returns>Whether it had one.</returns>
    /// <exception cref="VitrineException">Denied: the helper is missing or failed.</exception>
    public static bool Erase(string name, string registry)
    {
        var run = Run(name, "erase", Encoding.UTF8.GetBytes(registry));
        var output = Encoding.UTF8.GetString(run.Output).Trim();
        return run.ExitCode == 0 || (output == NotFound ? false : throw Failed($"exit status {run.ExitCode}", output));
    }

    private static CapturedRun Run(string name, string action, byte[] input)
    {
        var program = $"docker-credential-{name}";
        if (name.Contains('/'))
            throw Failed($"\"{program}\" is no program name", "");
        try
        {
            return Spawn.Run([program, action], input, timeout: Timeout);
        }
        catch (LinuxException error) when (error.Errno == Errno.ENOENT)
        {
            throw Failed($"exec: \"{program}\": executable file not found in $PATH", "");
        }
        catch (LinuxException error)
        {
            throw Failed(error.Message, "");
        }
    }

    private static VitrineException Failed(string error, string output) =>
        new(ErrorKind.Denied, $"error getting credentials - err: {error}, out: `{output}`");
}

/// <summary>What a helper answers to <c>get</c>.</summary>
internal sealed record HelperAnswer
{
    [JsonPropertyName("Username")]
    public string? Username { get; init; }

    [JsonPropertyName("Secret")]
    public string? Secret { get; init; }
}
