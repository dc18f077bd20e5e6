namespace Vitrine.Secrets;

/// <summary>Which names of variables and options say that their value is a secret.</summary>
public static class SecretNames
{
    // The last word decides what the value is: PASSWORD_FILE is a path, TOKEN_TTL a time, SECRET_NAME a name.
    private static readonly HashSet<string> Describing = new(StringComparer.Ordinal)
    {
        "FILE", "FILES", "PATH", "DIR", "DIRECTORY", "URL", "URI", "ENDPOINT", "HOST", "PORT", "NAME", "ID", "USER", "USERNAME",
        "TTL", "EXPIRY", "EXPIRES", "EXPIRATION", "LIFETIME", "AGE", "LENGTH", "LEN", "SIZE", "COUNT", "LIMIT", "MIN", "MAX",
        "TYPE", "ALGORITHM", "ALG", "FORMAT", "ENCODING", "METHOD", "HEADER", "FIELD", "ENABLED", "DISABLED", "REQUIRED", "POLICY",
        "TIMEOUT", "INTERVAL", "VERSION", "PREFIX", "SUFFIX", "ISSUER", "AUDIENCE", "SOCK", "SOCKET", "HELPER", "STORE", "PROVIDER",
        "MANAGER", "BACKEND", "CLASS", "SERVICE", "HINT", "PROMPT", "ROUNDS", "ITERATIONS", "PUBLIC", "PUB", "FINGERPRINT", "USAGE",
    };

    private static readonly string[] Endings =
    [
        "PASSWORD", "PASSWORDS", "PASSWD", "PASSPHRASE", "PASSCODE", "SECRET", "SECRETS", "TOKEN", "CREDENTIAL", "CREDENTIALS", "PASS",
        "APIKEY", "PRIVATEKEY", "SECRETKEY", "ACCESSKEY", "AUTHKEY", "SIGNINGKEY", "ENCRYPTIONKEY", "MASTERKEY", "ACCOUNTKEY",
    ];

    private static readonly HashSet<string> NotPass = new(StringComparer.Ordinal) { "BYPASS", "COMPASS", "SURPASS", "TRESPASS" };

    // KEY alone may be a map's key or a key on the keyboard: it counts when a value of some length follows.
    private static readonly HashSet<string> Weak = new(StringComparer.Ordinal) { "KEY", "KEYS", "SALT", "PEPPER", "PWD", "PIN", "AUTH", "DSN", "COOKIE", "SESSION" };

    // Keys meant to be public, as the official images of python, nginx and others carry them.
    private static readonly HashSet<string> PublicKeys = new(StringComparer.Ordinal) { "GPG", "PGP", "PUBLIC", "PUB", "APT", "RELEASE" };

    /// <summary>What the name says: <c>password</c>, <c>token</c>, <c>key</c>..., and null where it says nothing.</summary>
    /// <param name="name">A variable's or an option's name.</param>
    /// <param name="weak">Whether it is a hint only, to be believed with a value that looks like one.</param>
    public static string? Kind(string name, out bool weak)
    {
        weak = false;
        var words = Words(name);
        if (words.Count == 0 || Describing.Contains(words[^1]) || name is "PWD" or "OLDPWD")
            return null;
        foreach (var word in words)
        {
            if (!NotPass.Contains(word) && Array.Find(Endings, ending => word.EndsWith(ending, StringComparison.Ordinal)) is { } ending)
                return ending is "PASS" or "PASSWD" or "PASSWORDS" ? "password" : ending.ToLowerInvariant();
        }

        // MYSQL_PWD and REDISCLI_AUTH are read by their programs; APP_PWD is no directory, or its value is a path.
        if (words is [_, .., "PWD"] or ["REDISCLI", "AUTH"])
            return "password";
        weak = Weak.Contains(words[^1]) && !words.Exists(PublicKeys.Contains);
        return weak ? words[^1].ToLowerInvariant() : null;
    }

    /// <summary>Whether the name says that a value is a digest or the like, which looks random but is public.</summary>
    public static bool IsPublicDigest(string name) => Words(name).Exists(word =>
        word.StartsWith("SHA", StringComparison.Ordinal)
        || word is "MD5" or "HASH" or "DIGEST" or "CHECKSUM" or "COMMIT" or "REVISION" or "VERSION" or "FINGERPRINT" or "GPG" or "PGP"
            or "ID" or "UUID" or "PATH" or "LS" or "COLORS" or "NONCE" or "INVOCATION");

    /// <summary>Upper-case words of a name: split at everything that is no letter or digit, and at camelCase humps.</summary>
    internal static List<string> Words(string name)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            var ends = i == name.Length || !char.IsAsciiLetterOrDigit(name[i]);
            var hump = !ends && i > start && char.IsAsciiLetterUpper(name[i]) && char.IsAsciiLetterLower(name[i - 1]);
            if (!ends && !hump)
                continue;
            if (i > start)
                words.Add(name[start..i].ToUpperInvariant());
            start = ends ? i + 1 : i;
        }

        return words;
    }
}
