using System.Globalization;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Parsing;

/// <summary><c>--restart no|always|unless-stopped|on-failure[:n]</c>.</summary>
internal static class RestartSyntax
{
    public static RestartPolicy Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return new RestartPolicy { Name = text };
        if (colon == 0)
            throw new VitrineException(ErrorKind.Invalid, "invalid restart policy format: no policy provided before colon");
        var count = 0;
        if (colon < text.Length - 1 && !int.TryParse(text.AsSpan(colon + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count))
            throw new VitrineException(ErrorKind.Invalid, "invalid restart policy format: maximum retry count must be an integer");
        return new RestartPolicy { Name = text[..colon], MaximumRetryCount = count };
    }
}
