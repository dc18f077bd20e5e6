namespace Vitrine.Linux;

/// <summary>A table of names as one text with single spaces: no allocation at the start of a program, and no metadata.</summary>
internal static class WordList
{
    /// <summary>The word at an index, or null where there is none or a dash stands in its place.</summary>
    public static string? At(ReadOnlySpan<char> words, int index)
    {
        if (index < 0)
            return null;
        foreach (var word in words.Split(' '))
        {
            if (index-- == 0)
                return words[word] is "-" ? null : words[word].ToString();
        }

        return null;
    }
}
