using System.Text;
using Vitrine.Linux;

namespace Vitrine.Glass.Script;

/// <summary>Words for a POSIX shell (POSIX.1, Shell Command Language, 2.2 Quoting).</summary>
internal static class ShellText
{
    /// <summary>
    /// The text as one word that the shell takes as it is, whatever is in it. Control characters and marks of direction are
    /// written as octal numbers for printf: whoever looks at the script on a terminal must not meet them.
    /// </summary>
    public static string Quote(string text)
    {
        if (text.Length > 0 && text.All(IsPlain))
            return text;
        if (!text.EnumerateRunes().Any(IsUnseen))
            return Program(text);
        // The shell takes line ends from the end of what a command prints, so they stand behind it.
        var end = text.Length - text.AsSpan().TrimEnd('\n').Length;
        var escaped = new StringBuilder();
        foreach (var rune in text[..^end].EnumerateRunes())
            Append(escaped, rune);
        return $"\"$(printf %b {Program(escaped.ToString())})\"{(end > 0 ? Program(new string('\n', end)) : "")}";
    }

    private static void Append(StringBuilder escaped, Rune rune)
    {
        if (!IsUnseen(rune))
        {
            escaped.Append(rune.Value == '\\' ? @"\\" : rune.ToString());
            return;
        }

        foreach (var octet in Encoding.UTF8.GetBytes(rune.ToString()))
            escaped.Append("\\0").Append(Convert.ToString(octet, 8));
    }

    /// <summary>
    /// A comment in which nothing of the text is more than a comment: control characters would end it, or speak to a terminal.
    /// </summary>
    public static string Comment(string text)
    {
        var plain = new StringBuilder("# ");
        foreach (var rune in text.EnumerateRunes())
            plain.Append(VisibleText.IsUnseen(rune) ? "?" : rune.ToString());
        return plain.ToString();
    }

    /// <summary>A whole text in single quotes, to be given to sh -c.</summary>
    public static string Program(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>What is not seen, but for what moves to the next line or column.</summary>
    private static bool IsUnseen(Rune rune) => VisibleText.IsUnseen(rune) && rune.Value is not ('\n' or '\t');

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || "/._-+=:,@%".Contains(character);
}
