using System.Buffers;
using System.Net;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Parsing;

/// <summary>Names and addresses: <c>--add-host</c>, <c>--dns</c>, <c>--dns-search</c>.</summary>
internal static class HostSyntax
{
    private static readonly SearchValues<char> s_labelCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary><c>host:ip</c>, <c>host=ip</c> or <c>host=[ip]</c>; kept as host:ip.</summary>
    public static string ParseExtraHost(string text)
    {
        var at = text.AsSpan().IndexOfAny('=', ':');
        if (at <= 0)
            throw new FlagValueException($"bad format for add-host: \"{text}\"");
        var address = text[(at + 1)..];
        if (address is ['[', .. var inner, ']'])
            address = inner;
        if (address != "host-gateway" && !IPAddress.TryParse(address, out _))
            throw new FlagValueException($"invalid IP address in add-host: \"{text[(at + 1)..]}\"");
        return $"{text[..at]}:{address}";
    }

    public static string ParseAddress(string text) => IPAddress.TryParse(text.Trim(), out var address)
        ? address.ToString()
        : throw new FlagValueException($"IP address is not correctly formatted: {text}");

    /// <summary>A search domain; <c>.</c> stands for none.</summary>
    public static string ParseSearchDomain(string text)
    {
        var domain = text.Trim();
        if (domain == ".")
            return domain;
        var valid = domain.Length is > 0 and <= 255 && domain.TrimEnd('.').Split('.').All(IsLabel);
        return valid ? domain : throw new FlagValueException($"{text} is not a valid domain");
    }

    private static bool IsLabel(string label) => label.Length is > 0 and <= 63
        && !label.AsSpan().ContainsAnyExcept(s_labelCharacters) && label[0] != '-' && label[^1] != '-';
}
