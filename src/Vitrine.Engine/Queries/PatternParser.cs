namespace Vitrine.Engine.Queries;

/// <summary>One step of a pattern's automaton.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Accepts">For <see cref="StepKind.Character"/>: which characters it takes.</param>
internal sealed record Step(StepKind Kind, Func<char, bool>? Accepts = null)
{
    public Step? Next { get; set; }

    /// <summary>The other way of a <see cref="StepKind.Fork"/>.</summary>
    public Step? Other { get; set; }
}

internal enum StepKind
{
    Character,
    Fork,
    Start,
    End,
    Match,
}

/// <summary>
/// Turns a regular expression into an automaton (Thompson's construction), from the end to the beginning: each part is
/// built in front of what follows it. Known are <c>. [] () (?:) | * + ? {n,m} ^ $</c> and the classes <c>\d \w \s \D \W \S</c>.
/// </summary>
internal sealed class PatternParser
{
    private const int MaxRepetition = 1000;
    private const int MaxSteps = 20_000;
    private const int MaxDepth = 100;

    private readonly string _text;
    private int _position;
    private int _steps;
    private int _depth;

    private PatternParser(string text) => _text = text;

    /// <summary>A part of the pattern: given what follows it, makes the steps before that.</summary>
    private delegate Step Part(Step following);

    /// <exception cref="FormatException">Not a pattern of this syntax, or one that grows too large.</exception>
    public static Step Parse(string text)
    {
        var parser = new PatternParser(text);
        var whole = parser.ParseAlternatives();
        if (parser._position < text.Length)
            throw new FormatException("unexpected )");
        return whole(new Step(StepKind.Match));
    }

    private Part ParseAlternatives()
    {
        var choices = new List<Part> { ParseSequence() };
        while (TryTake('|'))
            choices.Add(ParseSequence());
        return following =>
        {
            var result = choices[^1](following);
            for (var i = choices.Count - 2; i >= 0; i--)
                result = Fork(choices[i](following), result);
            return result;
        };
    }

    private Part ParseSequence()
    {
        var parts = new List<Part>();
        while (_position < _text.Length && _text[_position] is not ('|' or ')'))
            parts.Add(ParseRepeated());
        return following =>
        {
            for (var i = parts.Count - 1; i >= 0; i--)
                following = parts[i](following);
            return following;
        };
    }

    private Part ParseRepeated()
    {
        var part = ParseOne();
        while (_position < _text.Length && ReadRepetition() is var (least, most))
        {
            part = Repeat(part, least, most);
            // Whether it takes much or little at first makes no difference to whether it matches.
            TryTake('?');
        }

        return part;
    }

    private (int Least, int? Most)? ReadRepetition()
    {
        if (TryTake('*'))
            return (0, null);
        if (TryTake('+'))
            return (1, null);
        if (TryTake('?'))
            return (0, 1);
        return _text[_position] == '{' ? ReadCounts() : null;
    }

    /// <summary>{n}, {n,} or {n,m}; anything else in braces stands for itself.</summary>
    private (int Least, int? Most)? ReadCounts()
    {
        var end = _text.IndexOf('}', _position);
        var counts = end < 0 ? [] : _text[(_position + 1)..end].Split(',');
        if (counts.Length is 0 or > 2 || !ushort.TryParse(counts[0], out var least))
            return null;
        int? most = least;
        if (counts is [_, ""])
            most = null;
        else if (counts.Length == 2)
            most = ushort.TryParse(counts[1], out var limit) ? limit : -1;
        if (most is -1)
            return null;
        if (most < least || least > MaxRepetition || most > MaxRepetition)
            throw new FormatException("bad repetition");
        _position = end + 1;
        return (least, most);
    }

    private Part Repeat(Part part, int least, int? most) => following =>
    {
        var result = following;
        if (most is { } limit)
        {
            for (var i = least; i < limit; i++)
                result = Fork(part(result), following);
        }
        else
        {
            var loop = Fork(null, following);
            loop.Next = part(loop);
            result = loop;
        }

        for (var i = 0; i < least; i++)
            result = part(result);
        return result;
    };

    private Part ParseOne()
    {
        var c = _text[_position++];
        switch (c)
        {
            case '(': return ParseGroup();
            case '[': return Character(ParseSet());
            case '.': return Character(other => other != '\n');
            case '^': return following => New(StepKind.Start, null, following);
            case '$': return following => New(StepKind.End, null, following);
            case '*' or '+' or '?': throw new FormatException($"nothing to repeat before {c}");
            case '\\': return Character(ParseEscape());
            default: return Character(other => other == c);
        }
    }

    private Part ParseGroup()
    {
        if (++_depth > MaxDepth)
            throw new FormatException("too many groups inside each other");
        if (TryTake('?') && !TryTake(':'))
            throw new FormatException("only (?: is known of the groups that begin with ?");
        var inside = ParseAlternatives();
        if (!TryTake(')'))
            throw new FormatException("missing )");
        _depth--;
        return inside;
    }

    private Func<char, bool> ParseSet()
    {
        var negated = TryTake('^');
        var members = new List<Func<char, bool>>();
        do
        {
            if (_position >= _text.Length)
                throw new FormatException("missing ]");
            members.Add(ParseMember());
        }
        while (!TryTake(']'));
        return c => members.Exists(member => member(c)) != negated;
    }

    private Func<char, bool> ParseMember()
    {
        var first = _text[_position++];
        if (first == '\\')
            return ParseEscape();
        if (_position + 1 >= _text.Length || _text[_position] != '-' || _text[_position + 1] == ']')
            return c => c == first;
        var last = _text[_position + 1];
        _position += 2;
        return first <= last ? c => c >= first && c <= last : throw new FormatException($"bad range {first}-{last}");
    }

    private Func<char, bool> ParseEscape()
    {
        if (_position >= _text.Length)
            throw new FormatException("nothing after \\");
        var escaped = _text[_position++];
        return escaped switch
        {
            'd' => char.IsAsciiDigit,
            'D' => c => !char.IsAsciiDigit(c),
            'w' => IsWord,
            'W' => c => !IsWord(c),
            's' => char.IsWhiteSpace,
            'S' => c => !char.IsWhiteSpace(c),
            _ when char.IsAsciiLetterOrDigit(escaped) => throw new FormatException($"unknown escape \\{escaped}"),
            _ => c => c == escaped,
        };
    }

    private Part Character(Func<char, bool> accepts) => following => New(StepKind.Character, accepts, following);

    private Step Fork(Step? one, Step other)
    {
        var fork = New(StepKind.Fork, null, one);
        fork.Other = other;
        return fork;
    }

    private Step New(StepKind kind, Func<char, bool>? accepts, Step? next) =>
        ++_steps <= MaxSteps ? new Step(kind, accepts) { Next = next } : throw new FormatException("too large");

    private bool TryTake(char wanted)
    {
        if (_position >= _text.Length || _text[_position] != wanted)
            return false;
        _position++;
        return true;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
