using System.Text;

namespace Vitrine.Images.Registry;

/// <summary>Who we are to a registry: a user name with a password, or a token that stands for both.</summary>
/// <param name="User">Empty with a token.</param>
/// <param name="Password">Empty with a token.</param>
/// <param name="IdentityToken">An OAuth2 refresh token, which the token service exchanges.</param>
/// <param name="RegistryToken">A bearer token to send as it is.</param>
public sealed record RegistryCredentials(string User, string Password, string? IdentityToken = null, string? RegistryToken = null)
{
    /// <summary>The parameter of an Authorization header of scheme Basic.</summary>
    public string ToBasic() => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    /// <summary>Reads the <c>auth</c> field of docker's config.json: base64 of user:password.</summary>
    public static RegistryCredentials? FromBasic(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':');
        return colon < 0 ? null : new RegistryCredentials(text[..colon], text[(colon + 1)..].TrimEnd('\0'));
    }

    /// <summary>Without the secrets.</summary>
    public override string ToString() => User.Length > 0 ? $"user {User}" : "token";
}
