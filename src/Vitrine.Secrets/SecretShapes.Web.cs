namespace Vitrine.Secrets;

/// <summary>Forms that configuration and addresses of the web have: JSON, parameters, header fields, webhooks, bots.</summary>
public static partial class SecretShapes
{
    // {"password": "x"}: what configuration in one variable looks like, docker's logins too.
    private static SecretMatch? JsonMember(string text, int quote)
    {
        const int longestName = 64;
        var rest = text.AsSpan(quote + 1);
        var end = rest.IndexOf('"');
        if (end is <= 0 or > longestName)
            return null;
        var name = rest[..end].ToString();
        var value = rest[(end + 1)..].TrimStart(' ');
        if (value.IsEmpty || value[0] != ':' || (value = value[1..].TrimStart(' ')).IsEmpty || value[0] != '"')
            return null;
        var start = text.Length - value.Length + 1;
        var length = QuotedLength(value[1..]);
        return IsNamedSecret(name, text.Substring(start, length)) ? new SecretMatch(start, length, "secret in JSON", Confidence.Likely) : null;
    }

    private static int QuotedLength(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                return i;
        }

        return text.Length;
    }

    // https://host/path?access_token=x&sig=y
    private static SecretMatch? QueryParameter(string text, int start)
    {
        var length = Run(text, start + 1, Token);
        var equals = start + 1 + length;
        if (length == 0 || equals >= text.Length || text[equals] != '=')
            return null;
        var name = text.Substring(start + 1, length);
        var value = Until(text.AsSpan(equals + 1), "&# \t\n\"'").ToString();
        var isSignature = name is "sig" || name.EndsWith("signature", StringComparison.OrdinalIgnoreCase);
        return value.Length > 0 && (isSignature || IsNamedSecret(name, value))
            ? new SecretMatch(equals + 1, value.Length, "secret in a URL", Confidence.Likely)
            : null;
    }

    private static bool IsNamedSecret(string name, string value)
    {
        const int shortestLogin = 8;
        if (SecretDetector.IsPlain(value))
            return false;
        // Docker's configuration has user and password in "auth", in base64.
        return name is "auth" ? value.Length >= shortestLogin
            : name is "identitytoken" or "registrytoken" || (SecretNames.Kind(name, out var weak) is not null && (!weak || SecretDetector.IsWeakValue(value)));
    }

    // Authorization: Basic dXNlcjpwYXNz (RFC 7617), Bearer x (RFC 6750)
    private static SecretMatch? Authorization(string text, int start)
    {
        const int shortest = 12;
        foreach (var scheme in (ReadOnlySpan<string>)["Basic ", "Bearer "])
        {
            if (string.CompareOrdinal(text, start, scheme, 0, scheme.Length) != 0)
                continue;
            var length = Until(text.AsSpan(start + scheme.Length), " \t\n\"',;").Length;
            var value = text.AsSpan(start + scheme.Length, length);
            // "Basic authentication" is no login, and "Bearer authentication" no token.
            return length >= shortest && (scheme[1] == 'a' ? IsLogin(value) : value.ContainsAnyInRange('0', '9') && value.IndexOfAnyExcept(Credentials) < 0)
                ? new SecretMatch(start + scheme.Length, length, $"{scheme.TrimEnd().ToLowerInvariant()} authorization", Confidence.Certain)
                : null;
        }

        return null;
    }

    private static bool IsLogin(ReadOnlySpan<char> encoded)
    {
        Span<byte> plain = stackalloc byte[256];
        return encoded.Length < plain.Length && Convert.TryFromBase64Chars(encoded, plain, out var length) && plain[..length].Contains((byte)':');
    }

    // Whoever knows the address may post there.
    private static SecretMatch? Webhook(string text, int start)
    {
        foreach (var place in (ReadOnlySpan<string>)["hooks.slack.com/services/", "https://discord.com/api/webhooks/", "https://discordapp.com/api/webhooks/"])
        {
            if (string.CompareOrdinal(text, start, place, 0, place.Length) != 0)
                continue;
            var length = Run(text, start + place.Length, Base64);
            return length >= 20 ? new SecretMatch(start + place.Length, length, "webhook", Confidence.Certain) : null;
        }

        return null;
    }

    // 123456789:AA...: of Telegram
    private static SecretMatch? BotToken(string text, int start)
    {
        const int key = 35;
        var digits = text.AsSpan(start).IndexOfAnyExceptInRange('0', '9');
        if (digits is < 8 or > 10 || text[start + digits] != ':' || Run(text, start + digits + 1, Base64Url) != key || !text.AsSpan(start + digits + 1).StartsWith("AA"))
            return null;
        return new SecretMatch(start, digits + 1 + key, "bot token", Confidence.Certain);
    }
}
