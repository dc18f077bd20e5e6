namespace Vitrine.Commands.Templates;

/// <summary>
/// Cuts a template into tokens, by the lexical rules of Go's text/template: trim markers, comments, quoted and raw
/// strings, character and number constants.
/// </summary>
public sealed class Lexer(string source)
{
    private const string LeftDelimiter = "{{";
    private const string RightDelimiter = "}}";
    private const string WhiteSpace = " \t\r\n";

    private int _position;
    private int _parentheses;
    private bool _inAction;
    private bool _trimNext;

    /// <summary>The one-based line of a position.</summary>
    public int LineOf(int position) => 1 + source.AsSpan(0, Math.Min(position, source.Length)).Count('\n');

    /// <summary>The column of a position on its line, from zero.</summary>
    public int ColumnOf(int position) => position - (source.AsSpan(0, position).LastIndexOf('\n') + 1);

    /// <summary>The next token; <see cref="TokenKind.Eof"/> again and again at the end.</summary>
    public Token Next()
    {
        while (!_inAction)
        {
            if (_trimNext)
                SkipWhiteSpace();
            _trimNext = false;
            if (_position == source.Length)
                return new Token(TokenKind.Eof, "", _position);
            if (StartsWith(LeftDelimiter))
            {
                if (EnterAction() is { } opened)
                    return opened;
            }
            else if (ReadText() is { } text)
            {
                return text;
            }
        }

        return ReadInsideAction();
    }

    private Token? ReadText()
    {
        var start = _position;
        var end = source.IndexOf(LeftDelimiter, start, StringComparison.Ordinal);
        _position = end < 0 ? source.Length : end;
        var text = source[start.._position];
        if (end >= 0 && HasLeftTrim(end))
            text = text.TrimEnd(WhiteSpace.ToCharArray());
        return text.Length == 0 ? null : new Token(TokenKind.Text, text, start);
    }

    private bool HasLeftTrim(int delimiter) =>
        delimiter + 3 < source.Length && source[delimiter + 2] == '-' && WhiteSpace.Contains(source[delimiter + 3]);

    /// <summary>Reads a left delimiter, or a whole comment, for which it returns null.</summary>
    private Token? EnterAction()
    {
        var start = _position;
        var afterTrim = start + LeftDelimiter.Length + (HasLeftTrim(start) ? 2 : 0);
        if (string.CompareOrdinal(source, afterTrim, "/*", 0, 2) == 0)
        {
            SkipComment(afterTrim);
            return null;
        }

        // The white space of a trim marker stays for the next token, as a separator.
        _position = HasLeftTrim(start) ? afterTrim - 1 : afterTrim;
        _inAction = true;
        _parentheses = 0;
        return new Token(TokenKind.LeftDelimiter, LeftDelimiter, start);
    }

    private void SkipComment(int start)
    {
        var end = source.IndexOf("*/", start + 2, StringComparison.Ordinal);
        if (end < 0)
            throw Error("unclosed comment");
        _position = end + 2;
        if (!AtRightDelimiter(out var trims))
            throw Error("comment ends before closing delimiter");
        _position += (trims ? 2 : 0) + RightDelimiter.Length;
        _trimNext = trims;
    }

    private bool AtRightDelimiter(out bool trims)
    {
        trims = _position + 1 < source.Length && WhiteSpace.Contains(source[_position]) && source[_position + 1] == '-'
            && string.CompareOrdinal(source, _position + 2, RightDelimiter, 0, 2) == 0;
        return trims || StartsWith(RightDelimiter);
    }

    private Token ReadInsideAction()
    {
        var start = _position;
        if (AtRightDelimiter(out var trims))
        {
            if (_parentheses > 0)
                throw Error("unclosed left paren");
            _position += (trims ? 2 : 0) + RightDelimiter.Length;
            _inAction = false;
            _trimNext = trims;
            return new Token(TokenKind.RightDelimiter, RightDelimiter, start);
        }

        if (_position == source.Length)
            throw Error("unclosed action");
        var c = source[_position];
        return c switch
        {
            _ when WhiteSpace.Contains(c) => ReadSpace(),
            '"' => ReadQuoted('"', TokenKind.String, "unterminated quoted string"),
            '\'' => ReadQuoted('\'', TokenKind.Character, "unterminated character constant"),
            '`' => ReadRawString(),
            '$' => ReadName(TokenKind.Variable),
            '.' when !IsDigit(_position + 1) => ReadDotOrField(),
            '+' or '-' or '.' or (>= '0' and <= '9') => ReadNumber(),
            _ when IsNamePart(c) => ReadWord(),
            _ => ReadPunctuation(c),
        };
    }

    private Token ReadSpace()
    {
        var start = _position;
        // A blank that belongs to a right trim marker is not a separator.
        while (_position < source.Length && WhiteSpace.Contains(source[_position]) && !AtRightDelimiter(out _))
            _position++;
        return Take(TokenKind.Space, start);
    }

    private Token ReadQuoted(char quote, TokenKind kind, string unterminated)
    {
        var start = _position++;
        while (_position < source.Length && source[_position] != quote && source[_position] != '\n')
            _position += source[_position] == '\\' ? 2 : 1;
        if (_position >= source.Length || source[_position] == '\n')
            throw Error(unterminated);
        _position++;
        return Take(kind, start);
    }

    private Token ReadRawString()
    {
        var start = _position;
        var end = source.IndexOf('`', start + 1);
        if (end < 0)
            throw Error("unterminated raw quoted string");
        _position = end + 1;
        return Take(TokenKind.RawString, start);
    }

    private Token ReadName(TokenKind kind)
    {
        var start = _position++;
        while (_position < source.Length && IsNamePart(source[_position]))
            _position++;
        CheckTerminator();
        return Take(kind, start);
    }

    private Token ReadDotOrField()
    {
        if (_position + 1 < source.Length && IsNamePart(source[_position + 1]))
            return ReadName(TokenKind.Field);
        _position++;
        CheckTerminator();
        return new Token(TokenKind.Dot, ".", _position - 1);
    }

    private Token ReadNumber()
    {
        var start = _position++;
        while (_position < source.Length && (IsNamePart(source[_position]) || source[_position] == '.'
            || (source[_position] is '+' or '-' && source[_position - 1] is 'e' or 'E' or 'p' or 'P')))
        {
            _position++;
        }

        return Take(TokenKind.Number, start);
    }

    private Token ReadWord()
    {
        var token = ReadName(TokenKind.Identifier);
        return token.Text switch
        {
            "if" or "else" or "end" or "range" or "with" or "break" or "continue" or "define" or "template" or "block" =>
                token with { Kind = TokenKind.Keyword },
            "true" or "false" => token with { Kind = TokenKind.Bool },
            "nil" => token with { Kind = TokenKind.Nil },
            _ => token,
        };
    }

    private Token ReadPunctuation(char c)
    {
        var start = _position++;
        switch (c)
        {
            case '|': return Take(TokenKind.Pipe, start);
            case ',': return Take(TokenKind.Comma, start);
            case '=': return Take(TokenKind.Assign, start);
            case '(':
                _parentheses++;
                return Take(TokenKind.LeftParenthesis, start);
            case ')':
                if (--_parentheses < 0)
                    throw Error("unexpected right paren");
                return Take(TokenKind.RightParenthesis, start);
            case ':':
                if (_position == source.Length || source[_position++] != '=')
                    throw Error("expected :=");
                return Take(TokenKind.Declare, start);
            default:
                throw Error(IllegalCharacter("unrecognized character in action:", c));
        }
    }

    /// <summary>A name must be followed by something that can end it, so that <c>.X%</c> is an error here and not later.</summary>
    private void CheckTerminator()
    {
        if (_position == source.Length)
            return;
        var c = source[_position];
        if (!WhiteSpace.Contains(c) && c is not ('.' or ',' or '|' or ':' or '(' or ')' or '=') && !StartsWith(RightDelimiter))
            throw Error(IllegalCharacter("bad character", c));
    }

    private Token Take(TokenKind kind, int start) => new(kind, source[start.._position], start);

    private void SkipWhiteSpace()
    {
        while (_position < source.Length && WhiteSpace.Contains(source[_position]))
            _position++;
    }

    private bool StartsWith(string text) => string.CompareOrdinal(source, _position, text, 0, text.Length) == 0;

    private bool IsDigit(int position) => position < source.Length && char.IsAsciiDigit(source[position]);

    private static bool IsNamePart(char c) => c == '_' || char.IsLetterOrDigit(c);

    private static string IllegalCharacter(string what, char c) =>
        $"{what} U+{(int)c:X4} '{c}'";

    private TemplateException Error(string reason) => TemplateException.Parsing(LineOf(_position), reason);
}
