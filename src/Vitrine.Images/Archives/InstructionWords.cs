using System.Text;

namespace Vitrine.Images.Archives;

/// <summary>The words of a Dockerfile instruction: quotes keep blanks together, a backslash takes the next character as it is.</summary>
internal static class InstructionWords
{
    /// <summary>The words, with quotes and backslashes taken off.</summary>
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
                inWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inWord)
                    words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else if (c is '"' or '\'' && (quote == '\0' || quote == c))
            {
                quote = quote == '\0' ? c : '\0';
                inWord = true;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (inWord)
            words.Add(word.ToString());
        return words;
    }

    /// <summary><c>key=value</c> pairs, or the old form of one key and the rest of the line.</summary>
    /// <exception cref="VitrineException">Invalid: a word without "=", or an empty key.</exception>
    public static List<(string Key, string Value)> Pairs(string instruction, string text)
    {
        var words = Split(text);
        if (words.Count > 0 && !words[0].Contains('='))
        {
            var key = words[0];
            var rest = text[(text.IndexOf(key, StringComparison.Ordinal) + key.Length)..].Trim();
            return rest.Length > 0 ? [(key, rest)] : throw ImageChanges.Invalid($"{instruction} must have two arguments");
        }

        return words.ConvertAll(word => word.IndexOf('=') switch
        {
            < 0 => throw ImageChanges.Invalid($"Syntax error - can't find = in \"{word}\". Must be of the form: name=value"),
            0 => throw ImageChanges.Invalid($"{instruction} names can not be blank"),
            var equals => (word[..equals], word[(equals + 1)..]),
        });
    }
}
