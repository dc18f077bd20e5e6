namespace Vitrine.Insight.Secrets;

/// <summary>A secret in one argument of a command line.</summary>
internal sealed record ArgumentMatch(int Argument, string Name, SecretMatch Match);

/// <summary>
/// Finds secrets in command lines: <c>--password=x</c>, <c>--token x</c>, <c>NAME=x</c>, <c>Authorization: Bearer x</c>,
/// known tools' short options, and the same inside a script given to <c>sh -c</c>.
/// </summary>
internal static class ArgumentScanner
{
    public static List<ArgumentMatch> Scan(IReadOnlyList<string> arguments)
    {
        var matches = new List<ArgumentMatch>();
        var state = new State();
        for (var i = 0; i < arguments.Count; i++)
        {
            foreach (var (word, offset) in Words(arguments[i]))
            {
                foreach (var (name, match) in InspectWord(word, ref state))
                    matches.Add(new ArgumentMatch(i, name, match.Shift(offset)));
            }

            // Forms that hold blanks (private keys, connection strings) are only seen in the whole argument.
            foreach (var match in SecretShapes.Find(arguments[i]))
            {
                if (!matches.Exists(known => known.Argument == i && known.Match.Start <= match.Start && known.Match.End >= match.End))
                    AddWhole(matches, i, match);
            }
        }

        return matches;
    }

    private static void AddWhole(List<ArgumentMatch> matches, int argument, SecretMatch match)
    {
        matches.RemoveAll(known => known.Argument == argument && known.Match.Start < match.End && match.Start < known.Match.End);
        matches.Add(new ArgumentMatch(argument, $"argument {argument}", match));
        matches.Sort((left, right) => (left.Argument, left.Match.Start).CompareTo((right.Argument, right.Match.Start)));
    }

    /// <summary>What the words before say of the next one.</summary>
    private struct State
    {
        /// <summary>The program of this command, for short options.</summary>
        public string Program;

        /// <summary>The option whose value the next word is, or null.</summary>
        public string? Expects;

        public bool AfterBearer;
    }

    /// <summary>The words of an argument; of a script, what the shell would take as one, quoted blanks included.</summary>
    private static IEnumerable<(string Word, int Offset)> Words(string argument)
    {
        if (!argument.AsSpan().ContainsAny(" \t\n"))
        {
            yield return (argument, 0);
            yield break;
        }

        var start = 0;
        var quote = '\0';
        var isQuoted = HasPairedQuotes(argument);
        for (var i = 0; i <= argument.Length; i++)
        {
            if (isQuoted && i < argument.Length && argument[i] is '\'' or '"')
                quote = quote == '\0' ? argument[i] : quote == argument[i] ? '\0' : quote;
            if (i < argument.Length && (quote != '\0' || argument[i] is not (' ' or '\t' or '\n' or ';')))
                continue;
            if (i > start)
                yield return Unquote(argument[start..i], start);
            start = i + 1;
        }
    }

    // An odd apostrophe is prose, and must not swallow the words behind it.
    private static bool HasPairedQuotes(string argument)
    {
        var quote = '\0';
        foreach (var character in argument)
        {
            if (character is '\'' or '"')
                quote = quote == '\0' ? character : quote == character ? '\0' : quote;
        }

        return quote == '\0';
    }

    private static (string Word, int Offset) Unquote(string word, int offset) =>
        word[0] is '\'' or '"'
            ? word.Length > 1 && word[^1] == word[0] ? (word[1..^1], offset + 1) : (word[1..], offset + 1)
            : (word, offset);

    private static List<(string Name, SecretMatch Match)> InspectWord(string word, ref State state)
    {
        var expects = state.Expects;
        state.Expects = null;
        if (state.AfterBearer)
        {
            state.AfterBearer = false;
            return [("Authorization", new SecretMatch(0, word.Length, "bearer token", Confidence.Certain))];
        }

        if (expects is not null && !word.StartsWith('-') && Pair(expects, word, 0) is { Count: > 0 } found)
            return found;
        if (word is "Bearer" or "Basic")
        {
            state.AfterBearer = true;
            return [];
        }

        return word.StartsWith('-') ? Option(word, ref state) : Plain(word, ref state);
    }

    private static List<(string, SecretMatch)> Option(string word, ref State state)
    {
        var equals = word.IndexOf('=');
        if (equals > 0)
            return Pair(word[..equals].TrimStart('-'), word, equals + 1);
        if (ShortOption(word, state.Program) is { } value)
            return [(word[..2], value)];
        state.Expects = word is "-a" or "-p" && state.Program is "redis-cli" or "sshpass" ? "password"
            : word is "-u" && state.Program is "curl" ? "userpass"
            : word.TrimStart('-');
        return [];
    }

    // mysql -psecret: the value follows the letter at once.
    private static SecretMatch? ShortOption(string word, string? program) =>
        program is "mysql" or "mysqldump" or "mysqladmin" or "mariadb" or "sshpass"
        && word.StartsWith("-p", StringComparison.Ordinal) && word.Length > 2
            ? new SecretMatch(2, word.Length - 2, "password", Confidence.Certain)
            : null;

    private static List<(string, SecretMatch)> Plain(string word, ref State state)
    {
        var equals = word.IndexOf('=');
        if (equals > 0)
            return Pair(word[..equals], word, equals + 1);
        state.Program = word[(word.LastIndexOf('/') + 1)..];
        // A word that is a name (requirepass x, in redis.conf style) announces the next one.
        if (SecretNames.Kind(word, out var weak) is not null && !weak)
            state.Expects = word;
        return Pair("", word, 0);
    }

    private static List<(string, SecretMatch)> Pair(string name, string word, int start)
    {
        var found = new List<(string, SecretMatch)>();
        var value = word[start..];
        if (value.Length > 1 && value[0] is '\'' or '"')
            (value, start) = Unquote(value, start);
        if (name == "userpass")
        {
            var colon = value.IndexOf(':');
            if (colon >= 0 && colon + 1 < value.Length)
                found.Add(("-u", new SecretMatch(colon + 1, value.Length - colon - 1, "password", Confidence.Certain)));
            return found;
        }

        foreach (var match in SecretDetector.Inspect(name, value))
            found.Add((name.Length == 0 ? "argument" : name, match.Shift(start)));
        return found;
    }
}
