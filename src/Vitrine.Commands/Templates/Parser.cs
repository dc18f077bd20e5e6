using System.Buffers;
using System.Globalization;
using System.Text;

namespace Vitrine.Commands.Templates;

/// <summary>Builds the tree of a template by the grammar and with the error messages of Go's text/template.</summary>
public sealed class Parser
{
    private readonly Lexer _lexer;
    private readonly List<Token> _tokens = [];
    private readonly List<string> _variables = ["$"];
    private int _next;
    private int _rangeDepth;

    private Parser(string source) => _lexer = new Lexer(source);

    /// <summary>Parses a whole template.</summary>
    /// <exception cref="TemplateException">It does not parse, or names a function that does not exist.</exception>
    public static (Lexer Source, IReadOnlyList<Node> Body) Parse(string source)
    {
        var parser = new Parser(source);
        var body = parser.ParseList(out var end);
        if (end is not null)
            throw parser.Error($"unexpected {{{{{end}}}}}");
        return (parser._lexer, body);
    }

    /// <summary>Nodes up to the end of the template, or to an <c>end</c> or <c>else</c>, which is left in <paramref name="end"/>.</summary>
    private List<Node> ParseList(out string? end)
    {
        var nodes = new List<Node>();
        while (true)
        {
            var token = NextNonSpace();
            switch (token.Kind)
            {
                case TokenKind.Eof:
                    end = null;
                    return nodes;
                case TokenKind.Text:
                    nodes.Add(new TextNode(token.Position, token.Text));
                    break;
                default:
                    if (ParseAction(out end) is not { } action)
                        return nodes;
                    nodes.Add(action);
                    break;
            }
        }
    }

    private Node? ParseAction(out string? end)
    {
        end = null;
        var token = NextNonSpace();
        if (token.Kind != TokenKind.Keyword)
        {
            _next--;
            return new ActionNode(token.Position, ParsePipeline("command", TokenKind.RightDelimiter));
        }

        switch (token.Text)
        {
            case "if" or "with" or "range":
                return ParseBranch(token);
            case "break" or "continue":
                return ParseLoopControl(token);
            case "end":
                Expect(TokenKind.RightDelimiter, "end");
                end = "end";
                return null;
            case "else":
                // What follows on an "else if" is read by the branch that owns the else.
                end = "else";
                if (PeekNonSpace().Kind == TokenKind.RightDelimiter)
                    NextNonSpace();
                return null;
            default:
                throw Error($"{{{{{token.Text}}}}} is not supported");
        }
    }

    private BranchNode ParseBranch(Token keyword)
    {
        var scope = _variables.Count;
        var pipe = ParsePipeline(keyword.Text, TokenKind.RightDelimiter);
        if (keyword.Text == "range")
            _rangeDepth++;
        var body = ParseList(out var end);
        if (keyword.Text == "range")
            _rangeDepth--;
        List<Node>? otherwise = null;
        if (end == "else")
            otherwise = ParseElse(keyword, ref end);
        if (end is null)
            throw Error("unexpected EOF");
        _variables.RemoveRange(scope, _variables.Count - scope);
        return new BranchNode(keyword.Position, keyword.Text, pipe, body, otherwise);
    }

    private List<Node> ParseElse(Token keyword, ref string? end)
    {
        var chained = _tokens[_next - 1].Kind == TokenKind.RightDelimiter ? default : PeekNonSpace();
        if (chained.Kind == TokenKind.Keyword && chained.Text == keyword.Text && keyword.Text != "range")
        {
            NextNonSpace();
            end = "end";
            return [ParseBranch(chained)];
        }

        if (_tokens[_next - 1].Kind != TokenKind.RightDelimiter)
            throw Unexpected(NextNonSpace(), "else");
        var list = ParseList(out end);
        if (end == "else")
            throw Error($"expected end; found {{{{else}}}}");
        return list;
    }

    private LoopControlNode ParseLoopControl(Token keyword)
    {
        Expect(TokenKind.RightDelimiter, $"{{{{{keyword.Text}}}}}");
        if (_rangeDepth == 0)
            throw Error($"{{{{{keyword.Text}}}}} outside {{{{range}}}}");
        return new LoopControlNode(keyword.Position, keyword.Text == "break");
    }

    private PipeNode ParsePipeline(string context, TokenKind end)
    {
        var start = PeekNonSpace().Position;
        var (names, assigns) = ParseDeclaration(context);
        var commands = new List<CommandNode>();
        while (true)
        {
            var token = NextNonSpace();
            if (token.Kind == end)
                break;
            if (token.Kind is TokenKind.RightDelimiter or TokenKind.RightParenthesis or TokenKind.Eof)
                throw Unexpected(token, context);
            _next--;
            commands.Add(ParseCommand(context));
        }

        if (commands.Count == 0)
            throw Error($"missing value for {context}");
        CheckStages(commands);
        if (!assigns)
            _variables.AddRange(names);
        return new PipeNode(start, names, assigns, commands);
    }

    /// <summary>Only the first command of a pipeline may be something that takes no argument.</summary>
    private void CheckStages(List<CommandNode> commands)
    {
        for (var i = 1; i < commands.Count; i++)
        {
            if (commands[i].Arguments[0] is ConstantNode or DotNode or NilNode)
                throw Error($"non executable command in pipeline stage {i + 1}");
        }
    }

    /// <summary><c>$x :=</c>, <c>$x =</c> or, in range, <c>$i, $x :=</c>.</summary>
    private (List<string> Names, bool Assigns) ParseDeclaration(string context)
    {
        var names = new List<string>();
        while (true)
        {
            var mark = MarkNonSpace();
            var variable = NextNonSpace();
            if (variable.Kind != TokenKind.Variable)
            {
                _next = mark;
                return ([], false);
            }

            var following = NextNonSpace();
            if (following.Kind is TokenKind.Declare or TokenKind.Assign)
            {
                names.Add(variable.Text);
                return (names, following.Kind == TokenKind.Assign);
            }

            if (following.Kind != TokenKind.Comma || context != "range" || names.Count > 0)
            {
                if (following.Kind == TokenKind.Comma)
                    throw Error($"too many declarations in {context}");
                _next = mark;
                return ([], false);
            }

            names.Add(variable.Text);
        }
    }

    private CommandNode ParseCommand(string context)
    {
        var arguments = new List<Node>();
        var start = PeekNonSpace().Position;
        while (true)
        {
            PeekNonSpace();
            SkipSpace();
            if (ParseOperand() is { } operand)
                arguments.Add(operand);
            var token = Next();
            if (token.Kind == TokenKind.Space)
                continue;
            if (token.Kind is TokenKind.RightDelimiter or TokenKind.RightParenthesis)
                _next--;
            else if (token.Kind == TokenKind.Pipe)
                CheckNotLast();
            else
                throw Unexpected(token, "operand");
            break;
        }

        return arguments.Count > 0 ? new CommandNode(start, arguments) : throw Error("empty command");

        void CheckNotLast()
        {
            if (PeekNonSpace().Kind is TokenKind.RightDelimiter or TokenKind.RightParenthesis)
                throw Error($"missing value for {context}");
        }
    }

    /// <summary>A term and the fields that follow it without a space.</summary>
    private Node? ParseOperand()
    {
        if (ParseTerm() is not { } term)
            return null;
        if (Peek().Kind != TokenKind.Field)
            return term;

        var position = Peek().Position;
        var fields = new List<string>();
        while (Peek().Kind == TokenKind.Field)
            fields.Add(Next().Text[1..]);
        return term switch
        {
            FieldNode field => new FieldNode(position, [.. field.Names, .. fields]),
            VariableNode variable => new VariableNode(position, variable.Name, [.. variable.Fields, .. fields]),
            ConstantNode or NilNode => throw Error($"unexpected . after term {GoText.Quote(term.ToString())}"),
            _ => new ChainNode(position, term, fields),
        };
    }

    private Node? ParseTerm()
    {
        var token = Next();
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return Functions.Exists(token.Text)
                    ? new FunctionNode(token.Position, token.Text)
                    : throw Error($"function {GoText.Quote(token.Text)} not defined");
            case TokenKind.Dot:
                return new DotNode(token.Position);
            case TokenKind.Nil:
                return new NilNode(token.Position);
            case TokenKind.Field:
                return new FieldNode(token.Position, [token.Text[1..]]);
            case TokenKind.Variable:
                return _variables.Contains(token.Text)
                    ? new VariableNode(token.Position, token.Text, [])
                    : throw Error($"undefined variable {GoText.Quote(token.Text)}");
            case TokenKind.Bool:
                return new ConstantNode(token.Position, token.Text == "true", token.Text);
            case TokenKind.Number:
                return new ConstantNode(token.Position, ParseNumber(token.Text), token.Text);
            case TokenKind.Character or TokenKind.String or TokenKind.RawString:
                return ParseText(token);
            case TokenKind.LeftParenthesis:
                return ParsePipeline("parenthesized pipeline", TokenKind.RightParenthesis);
            default:
                _next--;
                return null;
        }
    }

    private ConstantNode ParseText(Token token)
    {
        var text = token.Kind == TokenKind.RawString ? token.Text[1..^1] : GoText.Unquote(token.Text);
        if (text is null)
            throw Error("invalid syntax");
        if (token.Kind != TokenKind.Character)
            return new ConstantNode(token.Position, text, token.Text);
        return Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done && length == text.Length
            ? new ConstantNode(token.Position, (long)rune.Value, token.Text)
            : throw Error($"malformed character constant: {token.Text}");
    }

    private object ParseNumber(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var negative = digits.StartsWith('-');
        var unsigned = digits.TrimStart('+', '-');
        if (ParsePrefixed(unsigned) is { } prefixed)
            return negative ? -prefixed : prefixed;
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer;
        if (double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real))
            return real;
        throw Error($"bad number syntax: {GoText.Quote(text)}");
    }

    private static long? ParsePrefixed(string text)
    {
        if (text.Length < 2 || text[0] != '0')
            return null;
        var (radix, digits) = char.ToLowerInvariant(text[1]) switch
        {
            'x' => (16, text[2..]),
            'o' => (8, text[2..]),
            'b' => (2, text[2..]),
            _ => (8, text[1..]),
        };
        try
        {
            return Convert.ToInt64(digits, radix);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private Token Next()
    {
        if (_next == _tokens.Count)
            _tokens.Add(_lexer.Next());
        return _tokens[_next++];
    }

    private Token Peek()
    {
        var token = Next();
        _next--;
        return token;
    }

    private Token NextNonSpace()
    {
        SkipSpace();
        return Next();
    }

    private Token PeekNonSpace()
    {
        var mark = _next;
        var token = NextNonSpace();
        _next = mark;
        return token;
    }

    private int MarkNonSpace()
    {
        SkipSpace();
        return _next;
    }

    private void SkipSpace()
    {
        while (Peek().Kind == TokenKind.Space)
            _next++;
    }

    private void Expect(TokenKind kind, string context)
    {
        var token = NextNonSpace();
        if (token.Kind != kind)
            throw Unexpected(token, context);
    }

    private TemplateException Unexpected(Token token, string context) => Error($"unexpected {token} in {context}");

    private TemplateException Error(string reason) =>
        TemplateException.Parsing(_lexer.LineOf(_next > 0 ? _tokens[_next - 1].Position : 0), reason);
}
