namespace Vitrine.Secrets;

/// <summary>A secret in one argument of a command line.</summary>
public sealed record ArgumentMatch(int Argument, string Name, SecretMatch Match);

/// <summary>
/// Finds secrets in command lines: <c>--password=x</c>, <c>--token x</c>, <c>NAME=x</c>, <c>Authorization: Bearer x</c>,
/// known tools' short options, and the same inside a script given to <c>sh -c</c>.
/// </summary>
public static class ArgumentScanner
{
    /// <summary>Programs by name, or their verbs, and the short option that a password follows; of curl's, user and password.</summary>
    private static readonly Dictionary<string, string> PasswordOptions = new(StringComparer.Ordinal)
    {
        ["redis-cli"] = "-a", ["sshpass"] = "-p", ["login"] = "-p", ["curl"] = "-u",
        ["mongo"] = "-p", ["mongosh"] = "-p", ["mongodump"] = "-p", ["mongorestore"] = "-p",
        ["ldapsearch"] = "-w", ["ldapmodify"] = "-w", ["ldapadd"] = "-w", ["ldapdelete"] = "-w", ["ldapwhoami"] = "-w",
    };

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
        /// <summary>The program of this command, for short options; null before there is one.</summary>
        public string? Program;

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

        return word.StartsWith('-') ? Option(word, ref state) : Plain(word, expects is not null, ref state);
    }

    private static List<(string, SecretMatch)> Option(string word, ref State state)
    {
        var equals = word.IndexOf('=');
        if (equals > 0)
        {
            // --from-literal=password=x, --set=db.token=x
            var (inner, found) = (word.IndexOf('=', equals + 1), Pair(word[..equals].TrimStart('-'), word, equals + 1));
            return found.Count > 0 || inner < 0 ? found : Pair(word[(equals + 1)..inner], word, inner + 1);
        }

        if (ShortOption(word, state.Program) is { } value)
            return [(word[..2], value)];
        state.Expects = PasswordOptions.TryGetValue(state.Program ?? "", out var option) && word == option ? option == "-u" ? "userpass" : "password" : word.TrimStart('-');
        return [];
    }

    // mysql -psecret: the value follows the letter at once.
    private static SecretMatch? ShortOption(string word, string? program) =>
        program is "mysql" or "mysqldump" or "mysqladmin" or "mariadb" or "sshpass"
        && word.StartsWith("-p", StringComparison.Ordinal) && word.Length > 2
            ? new SecretMatch(2, word.Length - 2, "password", Confidence.Certain)
            : null;

    private static List<(string, SecretMatch)> Plain(string word, bool afterOption, ref State state)
    {
        const string given = "pass:";
        var equals = word.IndexOf('=');
        if (equals > 0)
            return Pair(word[..equals], word, equals + 1);
        // openssl -passin pass:x (openssl-passphrase-options(1))
        if (word.StartsWith(given, StringComparison.Ordinal) && word.Length > given.Length)
            return [("pass", new SecretMatch(given.Length, word.Length - given.Length, "password", Confidence.Certain))];
        // A word that is a name (requirepass x, in redis.conf style) announces the next one; a program's own name does not.
        if (state.Program is not null && SecretNames.Kind(word, out _) is "password" or "passphrase")
            state.Expects = word;
        // What follows an option may be its value, or a program that a program starts: one whose options are known is not given up for it.
        if (!afterOption || !PasswordOptions.ContainsKey(state.Program ?? ""))
            state.Program = word[(word.LastIndexOf('/') + 1)..];
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
