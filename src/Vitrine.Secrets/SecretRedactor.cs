using System.Text;

namespace Vitrine.Secrets;

/// <summary>Replaces secrets in texts by their length and fingerprint, unless they are to be revealed.</summary>
public sealed class SecretRedactor(Fingerprint fingerprint, bool reveal)
{
    public bool Reveal => reveal;

    public string FingerprintOf(string secret) => fingerprint.Of(secret);

    /// <summary>The text with each match replaced.</summary>
    /// <param name="text">The text the matches were found in.</param>
    /// <param name="matches">In order, none overlapping.</param>
    public string Redact(string text, IEnumerable<SecretMatch> matches)
    {
        if (reveal)
            return text;
        StringBuilder? result = null;
        var shown = 0;
        foreach (var match in matches)
        {
            result ??= new StringBuilder();
            result.Append(text, shown, match.Start - shown);
            result.Append(Placeholder(text.Substring(match.Start, match.Length)));
            shown = match.End;
        }

        return result?.Append(text, shown, text.Length - shown).ToString() ?? text;
    }

    /// <summary>The arguments with what looks like a secret replaced.</summary>
    public string[] Redact(IReadOnlyList<string> arguments)
    {
        var matches = ArgumentScanner.Scan(arguments);
        var redacted = arguments.ToArray();
        for (var i = 0; i < redacted.Length && matches.Count > 0; i++)
            redacted[i] = Redact(arguments[i], matches.Where(match => match.Argument == i).Select(match => match.Match));
        return redacted;
    }

    private string Placeholder(string secret) => $"[hidden: {secret.Length} characters, #{fingerprint.Of(secret)}]";
}
