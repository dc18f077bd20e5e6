using System.Text.Json;
using Vitrine.Linux;

namespace Vitrine.Images.Registry;

/// <content>Changes: everything else in the file stays as it is.</content>
internal sealed partial class DockerConfig
{
    private static readonly JsonWriterOptions s_docker = new() { Indented = true, IndentCharacter = '\t', IndentSize = 1 };

    /// <returns>The file, where the login is in it in the clear; null where a helper keeps it.</returns>
    public string? Store(string key, RegistryCredentials login)
    {
        var helper = HelperOf(key);
        if (helper is not null)
            CredentialHelper.Store(helper, key, login);
        Write(key, helper is null ? login : null);
        return helper is null ? _path : null;
    }

    /// <returns>Whether there was a login.</returns>
    public bool Erase(string key)
    {
        var existed = _file.Auths?.ContainsKey(key) == true;
        if (HelperOf(key) is { } helper)
            existed |= CredentialHelper.Erase(helper, key);
        if (_file.Auths?.ContainsKey(key) == true)
            Write(key, null, remove: true);
        return existed;
    }

    private string? HelperOf(string key) =>
        _file.CredHelpers?.GetValueOrDefault(key) is { Length: > 0 } own ? own : _file.CredsStore is { Length: > 0 } store ? store : null;

    private void Write(string key, RegistryCredentials? login, bool remove = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var before = JsonDocument.Parse(File.Exists(_path) ? File.ReadAllBytes(_path) : "{}"u8.ToArray());
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_docker))
        {
            json.WriteStartObject();
            json.WriteStartObject("auths");
            if (before.RootElement.TryGetProperty("auths", out var auths) && auths.ValueKind == JsonValueKind.Object)
                CopyOthers(json, auths, key);
            if (!remove)
                WriteLogin(json, key, login);
            json.WriteEndObject();
            CopyOthers(json, before.RootElement, "auths");
            json.WriteEndObject();
        }

        // A new file of ours is for the owner alone, whatever the umask says.
        AtomicFile.Write(_path, buffer.ToArray(), durable: true);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static void CopyOthers(Utf8JsonWriter json, JsonElement from, string except)
    {
        foreach (var property in from.EnumerateObject())
        {
            if (property.Name != except)
                property.WriteTo(json);
        }
    }

    /// <summary>An empty entry says that a helper has it.</summary>
    private static void WriteLogin(Utf8JsonWriter json, string key, RegistryCredentials? login)
    {
        json.WriteStartObject(key);
        if (login is { IdentityToken: { Length: > 0 } token })
            json.WriteString("identitytoken", token);
        if (login is { User.Length: > 0 })
            json.WriteString("auth", login.ToBasic());
        json.WriteEndObject();
    }
}
