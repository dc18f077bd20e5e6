namespace Vitrine.Commands.CommandLine;

/// <summary>The <c>--format</c> options.</summary>
public static class FormatFlag
{
    private const string Templates = "'TEMPLATE':         Print output using the given Go template";

    /// <summary>Of verbs that list.</summary>
    public static ValueFlag<string> Rows() => Make(Flag.None,
        "Format output using a custom template:\n"
        + "'table':            Print a table with column headers (default)\n"
        + "'table TEMPLATE':   Print a table using the given Go template\n"
        + "'json':             Print each row as JSON\n"
        + Templates);

    /// <summary>Of verbs that show one object.</summary>
    public static ValueFlag<string> Object() => Make('f',
        "Format output using a custom template:\n'json':             Print in JSON format\n" + Templates);

    /// <summary>Of verbs that print line after line.</summary>
    public static ValueFlag<string> Lines() => Make(Flag.None,
        "Format output using a custom template:\n'json':             Print in JSON format\n" + Templates);

    private static ValueFlag<string> Make(char shorthand, string description) => new("format", shorthand, "string", description, text => text);
}
