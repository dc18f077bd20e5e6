using System.Net.Http.Headers;
using System.Text;

namespace Vitrine.Images.Registry;

/// <summary>What a registry asks for with a 401: scheme and parameters of WWW-Authenticate (RFC 9110, section 11.6.1).</summary>
internal sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    /// <summary>The challenge to answer: bearer before basic, others not at all.</summary>
    public static AuthChallenge? Choose(IEnumerable<AuthenticationHeaderValue> headers)
    {
        var challenges = headers.Select(static header => new AuthChallenge(header.Scheme, Parse(header.Parameter ?? ""))).ToList();
        return challenges.Find(static challenge => challenge.IsBearer) ?? challenges.Find(static challenge => challenge.IsBasic);
    }

    /// <summary>Reads <c>realm="https://…",service="…"</c>. What does not fit the grammar is passed over.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var position = 0;
        while (position < text.Length)
        {
            var equals = text.IndexOf('=', position);
            if (equals < 0)
                break;
            var key = text[position..equals].Trim(' ', ',', '\t');
            position = equals + 1;
            var value = ReadValue(text, ref position);
            if (key.Length > 0)
                parameters.TryAdd(key, value);
        }

        return parameters;
    }

    private static string ReadValue(string text, ref int position)
    {
        while (position < text.Length && text[position] == ' ')
            position++;
        if (position == text.Length || text[position] != '"')
        {
            var comma = text.IndexOf(',', position);
            var end = comma < 0 ? text.Length : comma;
            var token = text[position..end].Trim();
            position = Math.Min(text.Length, end + 1);
            return token;
        }

        var value = new StringBuilder();
        for (position++; position < text.Length && text[position] != '"'; position++)
        {
            if (text[position] == '\\' && position + 1 < text.Length)
                position++;
            value.Append(text[position]);
        }

        position = Math.Min(text.Length, position + 1);
        return value.ToString();
    }
}
