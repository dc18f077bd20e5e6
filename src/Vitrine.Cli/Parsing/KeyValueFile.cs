using System.Buffers;
using System.Text;
using Vitrine.Commands.Parsing;

namespace Vitrine.Cli.Parsing;

/// <summary>Files of <c>--env-file</c> and <c>--label-file</c>: one <c>key=value</c> a line, # begins a comment, no quoting.</summary>
internal static class KeyValueFile
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> s_whiteSpace = SearchValues.Create(" \t\v\f\r\u0085\u00a0");

    /// <summary>The variables of a file; a bare name takes its value from Vitrine's own environment, or is left out.</summary>
    public static IReadOnlyList<string> ReadVariables(string path) => Parse(path, Read(path), Environment.GetEnvironmentVariable);

    /// <summary>The labels of a file; a bare name has an empty value.</summary>
    public static IReadOnlyList<string> ReadLabels(string path) => Parse(path, Read(path), _ => "");

    /// <summary>The entries of a file's content.</summary>
    /// <param name="path">The file's name, for errors.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="complete">The value of a bare name, or null where it is to be left out.</param>
    public static IReadOnlyList<string> Parse(string path, ReadOnlySpan<byte> content, Func<string, string?> complete)
    {
        var entries = new List<string>();
        var number = 0;
        if (content.StartsWith("\uFEFF"u8))
            content = content["\uFEFF"u8.Length..];
        foreach (var range in content.Split((byte)'\n'))
        {
            number++;
            if (ParseLine(Decode(content[range], number, path), complete, path) is { } entry)
                entries.Add(entry);
        }

        return entries;
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VitrineException(ErrorKind.Invalid, $"open {path}: no such file or directory", e);
        }
        catch (UnauthorizedAccessException e)
        {
            // What .NET says of a directory, too.
            throw Directory.Exists(path) ? Invalid(path, $"read {path}: is a directory") : new VitrineException(ErrorKind.Denied, $"open {path}: permission denied", e);
        }
    }

    private static string Decode(ReadOnlySpan<byte> line, int number, string path)
    {
        try
        {
            return s_strict.GetString(line).TrimEnd('\r');
        }
        catch (DecoderFallbackException)
        {
            throw Invalid(path, $"invalid utf8 bytes at line {number}: [{string.Join(' ', line.ToArray())}]");
        }
    }

    private static string? ParseLine(string line, Func<string, string?> complete, string path)
    {
        var text = line.TrimStart();
        if (text.Length == 0 || text[0] == '#')
            return null;
        var (name, value) = KeyValues.Cut(text, '=');
        if (name.Length == 0)
            throw Invalid(path, $"no variable name on line '{text}'");
        if (name.AsSpan().ContainsAny(s_whiteSpace))
            throw Invalid(path, $"variable '{name}' contains whitespaces");
        value ??= complete(name);
        return value is null ? null : $"{name}={value}";
    }

    private static VitrineException Invalid(string path, string reason) => new(ErrorKind.Invalid, $"invalid env file ({path}): {reason}");
}
