using System.Buffers;

namespace Vitrine.Secrets;

/// <summary>Forms that give a secret away whatever its name: key prefixes, web tokens, private keys, credentials in URLs.</summary>
public static partial class SecretShapes
{
    /// <summary><c>-----BEGIN</c> in base64: of a certificate too, which is no secret.</summary>
    internal const string EncodedPem = "LS0tLS1CRUdJTi";

    private static readonly SearchValues<char> UpperDigits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    private static readonly SearchValues<char> Base64Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=");
    private static readonly SearchValues<char> Credentials =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.~");
    private static readonly SearchValues<char> Token =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>What issuers put before their keys, what follows, and how long it is at least, the prefix included.</summary>
    private static readonly (string Prefix, SearchValues<char> Body, int Minimum, string Kind)[] Prefixes =
    [
        ("AKIA", UpperDigits, 20, "AWS access key"),
        ("ASIA", UpperDigits, 20, "AWS temporary access key"),
        ("ghp_", Base64Url, 40, "GitHub token"),
        ("gho_", Base64Url, 40, "GitHub token"),
        ("ghu_", Base64Url, 40, "GitHub token"),
        ("ghs_", Base64Url, 40, "GitHub token"),
        ("ghr_", Base64Url, 40, "GitHub token"),
        ("github_pat_", Base64Url, 40, "GitHub token"),
        ("glpat-", Base64Url, 26, "GitLab token"),
        ("xoxb-", Base64Url, 20, "Slack token"),
        ("xoxp-", Base64Url, 20, "Slack token"),
        ("xapp-", Base64Url, 20, "Slack token"),
        ("sk_live_", Base64Url, 24, "Stripe key"),
        ("rk_live_", Base64Url, 24, "Stripe key"),
        ("sk_test_", Base64Url, 24, "Stripe test key"),
        ("sk-", Base64Url, 32, "API key"),
        ("AIza", Base64Url, 39, "Google API key"),
        ("ya29.", Token, 30, "Google access token"),
        ("npm_", Base64Url, 40, "npm token"),
        ("pypi-", Base64Url, 50, "PyPI token"),
        ("dckr_pat_", Base64Url, 30, "Docker Hub token"),
        ("hvs.", Base64Url, 28, "Vault token"),
        ("SG.", Token, 50, "SendGrid key"),
        ("AGE-SECRET-KEY-1", UpperDigits, 60, "age key"),
        ("glrt-", Base64Url, 25, "GitLab runner token"),
        ("gldt-", Base64Url, 25, "GitLab deploy token"),
        ("xoxa-", Base64Url, 20, "Slack token"),
        ("xoxs-", Base64Url, 20, "Slack token"),
        ("dop_v1_", Base64Url, 70, "DigitalOcean token"),
        ("hf_", Base64Url, 37, "Hugging Face token"),
        ("shpat_", Base64Url, 38, "Shopify token"),
        ("glsa_", Base64Url, 40, "Grafana token"),
        ("lin_api_", Base64Url, 40, "Linear key"),
    ];

    /// <summary>All matches in a text, in order, none overlapping.</summary>
    public static List<SecretMatch> Find(string text)
    {
        var matches = new List<SecretMatch>();
        for (var i = 0; i < text.Length; i++)
        {
            if (At(text, i) is not { } match)
                continue;
            matches.Add(match);
            i = match.End - 1;
        }

        return matches;
    }

    private static SecretMatch? At(string text, int start) =>
        text[start] switch
        {
            '-' => PrivateKey(text, start),
            ':' => UrlPassword(text, start),
            '"' => JsonMember(text, start),
            '?' or '&' => QueryParameter(text, start),
            '$' when IsWordStart(text, start) => CryptHash(text, start),
            _ when !IsWordStart(text, start) => null,
            'e' => WebToken(text, start) ?? Prefixed(text, start),
            'A' or 'P' or 'p' or 'S' => ConnectionString(text, start) ?? Prefixed(text, start),
            'B' => Authorization(text, start) ?? Prefixed(text, start),
            'L' => EncodedPrivateKey(text, start),
            'h' => Webhook(text, start) ?? Prefixed(text, start),
            >= '0' and <= '9' => BotToken(text, start),
            _ => Prefixed(text, start),
        };

    private static bool IsWordStart(string text, int start) => start == 0 || !char.IsAsciiLetterOrDigit(text[start - 1]);

    private static SecretMatch? Prefixed(string text, int start)
    {
        foreach (var (prefix, body, minimum, kind) in Prefixes)
        {
            if (string.CompareOrdinal(text, start, prefix, 0, prefix.Length) != 0)
                continue;
            var length = prefix.Length + Run(text, start + prefix.Length, body);
            if (length >= minimum && text.AsSpan(start, length).ContainsAnyInRange('0', '9'))
                return new SecretMatch(start, length, kind, Confidence.Certain);
        }

        return null;
    }

    // header.payload.signature, both first parts being JSON objects: {" is eyJ in base64 (RFC 7519).
    private static SecretMatch? WebToken(string text, int start)
    {
        if (string.CompareOrdinal(text, start, "eyJ", 0, 3) != 0)
            return null;
        var header = Run(text, start, Base64Url);
        var payload = start + header + 1;
        if (payload >= text.Length || text[payload - 1] != '.' || string.CompareOrdinal(text, payload, "eyJ", 0, 3) != 0)
            return null;
        var end = payload + Run(text, payload, Base64Url);
        if (end < text.Length && text[end] == '.')
            end += 1 + Run(text, end + 1, Base64Url);
        return new SecretMatch(start, end - start, "JSON web token", Confidence.Certain);
    }

    private static SecretMatch? PrivateKey(string text, int start)
    {
        const string begin = "-----BEGIN ", mark = "PRIVATE KEY";
        if (string.CompareOrdinal(text, start, begin, 0, begin.Length) != 0)
            return null;
        var title = text.IndexOf(mark, start, StringComparison.Ordinal);
        if (title < 0 || text.AsSpan(start + begin.Length, title - start - begin.Length).Contains('-'))
            return null;
        // To the end of the text, whatever follows: an unfinished key is no less secret.
        var end = text.IndexOf("-----END ", title, StringComparison.Ordinal);
        var close = end < 0 ? -1 : text.IndexOf("KEY-----", end, StringComparison.Ordinal);
        return new SecretMatch(start, (close < 0 ? text.Length : close + 8) - start, "private key", Confidence.Certain);
    }

    // scheme://user:password@host
    private static SecretMatch? UrlPassword(string text, int colon)
    {
        if (string.CompareOrdinal(text, colon, "://", 0, 3) != 0 || colon == 0 || !char.IsAsciiLetterOrDigit(text[colon - 1]))
            return null;
        var start = colon + 3;
        var url = Until(text.AsSpan(start), " \t\n\"'");
        var separator = url.IndexOf(':');
        if (separator < 0)
            return null;
        var at = Until(url, "/?#").LastIndexOf('@');
        // A password with an unescaped '/' is a mistake that is made: unless a port follows the colon, all up to the last '@' is hidden.
        if (at < 0 && separator + 1 < url.Length && !char.IsAsciiDigit(url[separator + 1]) && url[..separator].IndexOf('/') < 0)
            at = url.LastIndexOf('@');
        var isReference = separator + 1 < url.Length && url[separator + 1] == '$';
        return at <= separator + 1 || isReference
            ? null
            : new SecretMatch(start + separator + 1, at - separator - 1, "password in a URL", Confidence.Certain);
    }

    // The same in base64, as variables and Kubernetes secrets have it on one line.
    private static SecretMatch? EncodedPrivateKey(string text, int start)
    {
        const int titled = 60;
        if (string.CompareOrdinal(text, start, EncodedPem, 0, EncodedPem.Length) != 0)
            return null;
        var length = Run(text, start, Base64);
        Span<byte> title = stackalloc byte[titled];
        return length >= titled && Convert.TryFromBase64Chars(text.AsSpan(start, titled), title, out var decoded)
            && title[..decoded].IndexOf("PRIVATE KEY"u8) >= 0
            ? new SecretMatch(start, length, "private key in base64", Confidence.Certain)
            : null;
    }

    // Server=x;User=y;Password=z; and AccountKey=...: ADO.NET, ODBC and Azure connection strings.
    private static SecretMatch? ConnectionString(string text, int start)
    {
        if (start > 0 && text[start - 1] is not (';' or ' '))
            return null;
        foreach (var key in (ReadOnlySpan<string>)["Password=", "Pwd=", "AccountKey=", "SharedAccessKey="])
        {
            if (string.Compare(text, start, key, 0, key.Length, StringComparison.OrdinalIgnoreCase) != 0)
                continue;
            // In quotes it may hold what else would end it.
            var from = start + key.Length;
            var isQuoted = from < text.Length && text[from] is '\'' or '"';
            from += isQuoted ? 1 : 0;
            var value = Until(text.AsSpan(from), isQuoted ? text.AsSpan(from - 1, 1) : "; ");
            return value.IsEmpty || SecretDetector.IsPlain(value.ToString()) ? null : new SecretMatch(from, value.Length, "password in a connection string", Confidence.Certain);
        }

        return null;
    }

    // $6$salt$hash and $2b$10$...: crypt(5); $apr1$ is htpasswd's, $argon2id$ the password hashing competition's.
    private static SecretMatch? CryptHash(string text, int start)
    {
        var rest = text.AsSpan(start);
        var isCrypt = rest.Length >= 4 && rest[1] is '1' or '2' or '5' or '6' or 'y' && rest[1..4].IndexOf('$') >= 0;
        if (rest.Length < 30 || !(isCrypt || rest.StartsWith("$apr1$") || rest.StartsWith("$argon2")))
            return null;
        var length = Until(rest, " \t\n\"';:").Length;
        return length < 30 ? null : new SecretMatch(start, length, "password hash", Confidence.Certain);
    }

    private static ReadOnlySpan<char> Until(ReadOnlySpan<char> text, ReadOnlySpan<char> ends)
    {
        var end = text.IndexOfAny(ends);
        return end < 0 ? text : text[..end];
    }

    private static int Run(string text, int start, SearchValues<char> body)
    {
        if (start >= text.Length)
            return 0;
        var end = text.AsSpan(start).IndexOfAnyExcept(body);
        return end < 0 ? text.Length - start : end;
    }
}
