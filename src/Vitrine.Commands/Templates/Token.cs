namespace Vitrine.Commands.Templates;

/// <summary>The kinds of lexical items between and inside <c>{{</c> and <c>}}</c>.</summary>
public enum TokenKind
{
    Eof,
    Text,
    LeftDelimiter,
    RightDelimiter,
    Space,
    Dot,
    Field,
    Variable,
    Identifier,
    Keyword,
    Bool,
    Nil,
    Number,
    Character,
    String,
    RawString,
    Pipe,
    Declare,
    Assign,
    Comma,
    LeftParenthesis,
    RightParenthesis,
}

/// <summary>One lexical item.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its source text.</param>
/// <param name="Position">Where it begins in the template.</param>
public readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    /// <summary>Whether this is the keyword given.</summary>
    public bool Is(string keyword) => Kind == TokenKind.Keyword && Text == keyword;

    /// <summary>How Go's template parser shows an item in an error.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.Eof => "EOF",
        TokenKind.Keyword => $"<{Text}>",
        _ => Text.Length > 10 ? $"{GoText.Quote(Text[..10])}..." : GoText.Quote(Text),
    };
}
