namespace Vitrine.Engine.Creation;

/// <summary>The grammar of names of containers and volumes: <c>[a-zA-Z0-9][a-zA-Z0-9_.-]+</c>.</summary>
internal static class ObjectName
{
    /// <summary>What Docker's messages print of the grammar.</summary>
    public const string AllowedCharacters = "[a-zA-Z0-9][a-zA-Z0-9_.-]";

    /// <summary>NAME_MAX of every file system: names are file names in the store.</summary>
    private const int MaximumLength = 255;

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length is < 2 or > MaximumLength || !char.IsAsciiLetterOrDigit(name[0]))
            return false;
        foreach (var character in name[1..])
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '.' or '-'))
                return false;
        }
        return true;
    }

    /// <summary>Checks a container's name, with or without Docker's leading slash.</summary>
    /// <returns>The name without slash.</returns>
    /// <exception cref="VitrineException">Invalid.</exception>
    public static string CheckContainer(string name)
    {
        var bare = name.StartsWith('/') ? name[1..] : name;
        return IsValid(bare)
            ? bare
            : throw new VitrineException(ErrorKind.Invalid, $"Invalid container name ({name}), only {AllowedCharacters} are allowed");
    }
}
