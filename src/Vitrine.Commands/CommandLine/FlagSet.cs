namespace Vitrine.Commands.CommandLine;

/// <summary>
/// The options of one verb and the parser of its arguments. The grammar is that of docker's command line (the Go package
/// pflag): <c>--name value</c>, <c>--name=value</c>, <c>-n value</c>, <c>-nvalue</c>, <c>-n=value</c>, clusters such as
/// <c>-dit</c>, and <c>--</c> to end the options. A switch takes a value only after <c>=</c>.
/// </summary>
public sealed class FlagSet
{
    private readonly List<Flag> _flags = [];

    public IReadOnlyList<Flag> Flags => _flags;

    /// <summary>Whether the first argument that is no option ends the options: what follows belongs to the command to be run.</summary>
    public bool OptionsEndAtFirstArgument { get; set; }

    /// <summary>How many arguments options may still follow where they end at an argument: those that say where the command is to run.</summary>
    public Func<int> LeadingArguments { get; set; } = static () => 0;

    /// <summary>Adds a flag and returns it.</summary>
    public T Add<T>(T flag)
        where T : Flag
    {
        _flags.Add(flag);
        return flag;
    }

    public BoolFlag Bool(string name, char shorthand, string description) => Add(new BoolFlag(name, shorthand, description));

    public BoolFlag Bool(string name, string description) => Bool(name, Flag.None, description);

    public ValueFlag<string> Text(string name, char shorthand, string description) =>
        Add(new ValueFlag<string>(name, shorthand, "string", description, text => text));

    public ValueFlag<string> Text(string name, string description) => Text(name, Flag.None, description);

    public ValueFlag<long?> Integer(string name, string description) =>
        Add(new ValueFlag<long?>(name, Flag.None, "int", description, text => GoValue.ParseInt(text)));

    public ListFlag<string> List(string name, char shorthand, string description) =>
        Add(new ListFlag<string>(name, shorthand, "list", description, text => text));

    public ListFlag<string> List(string name, string description) => List(name, Flag.None, description);

    public ListFlag<string> List(string name, string description, Func<string, string> parse) =>
        Add(new ListFlag<string>(name, Flag.None, "list", description, parse));

    /// <summary>Sets the flags from the arguments and returns the arguments that are no flags.</summary>
    /// <exception cref="UsageException">A flag is unknown, lacks its value or has a wrong one.</exception>
    public IReadOnlyList<string> Parse(IReadOnlyList<string> arguments)
    {
        var rest = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument.Length < 2 || argument[0] != '-')
            {
                if (OptionsEndAtFirstArgument && rest.Count >= LeadingArguments())
                    return [.. rest, .. arguments.Skip(i)];
                rest.Add(argument);
            }
            else if (argument == "--")
            {
                return [.. rest, .. arguments.Skip(i + 1)];
            }
            else if (argument[1] == '-')
            {
                ParseLong(argument, arguments, ref i);
            }
            else
            {
                ParseCluster(argument, arguments, ref i);
            }
        }

        return rest;
    }

    private void ParseLong(string argument, IReadOnlyList<string> arguments, ref int i)
    {
        var body = argument[2..];
        var equals = body.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? body : body[..equals];
        if (name.Length == 0 || name[0] == '-')
            throw new UsageException($"bad flag syntax: {argument}");
        var flag = _flags.Find(f => f.Name == name || f.Aliases.Contains(name)) ?? throw Unknown(name);
        if (equals >= 0)
            flag.Set(body[(equals + 1)..]);
        else if (flag.ImpliedValue is { } implied)
            flag.Set(implied);
        else if (i + 1 < arguments.Count)
            flag.Set(arguments[++i]);
        else
            throw new UsageException($"flag needs an argument: --{name}");
    }

    private static Exception Unknown(string name) => name == "help" ? new HelpRequestException() : new UsageException($"unknown flag: --{name}");

    private void ParseCluster(string argument, IReadOnlyList<string> arguments, ref int i)
    {
        for (var cluster = argument[1..]; cluster.Length > 0; cluster = cluster[1..])
        {
            var letter = cluster[0];
            var following = cluster[1..];
            var flag = _flags.Find(f => f.Shorthand == letter) ?? throw UnknownShorthand(letter, cluster);
            var hasValue = following.Length > 1 && following[0] == '=';
            if (!hasValue && flag.ImpliedValue is { } implied)
            {
                flag.Set(implied);
                continue;
            }

            if (hasValue)
                flag.Set(following[1..]);
            else if (following.Length > 0)
                flag.Set(following);
            else if (i + 1 < arguments.Count)
                flag.Set(arguments[++i]);
            else
                throw new UsageException($"flag needs an argument: '{letter}' in -{cluster}");
            return;
        }
    }

    private static Exception UnknownShorthand(char letter, string cluster) => letter == 'h'
        ? new HelpRequestException { IsDeprecatedShorthand = true }
        : new UsageException($"unknown shorthand flag: '{letter}' in -{cluster}");
}

/// <summary>The command line asks for help instead of work.</summary>
public sealed class HelpRequestException : Exception
{
    /// <summary>Asked for by -h, which docker tolerates with a note.</summary>
    public bool IsDeprecatedShorthand { get; init; }
}
