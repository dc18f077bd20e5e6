namespace Vitrine.Shim.Oci.CommandLine;

/// <summary>One of the program's commands.</summary>
/// <param name="Name">The word.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Usage">Its arguments.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Fewest">How many arguments it needs.</param>
/// <param name="Most">How many it takes.</param>
/// <param name="Run">Does it; the result is the exit code.</param>
internal sealed record Verb(string Name, string Summary, string Usage, IReadOnlyList<Flag> Flags, int Fewest, int Most,
    Func<OciContext, ParsedLine, int> Run)
{
    /// <summary>The exit code of a failure.</summary>
    public int FailureCode { get; init; } = 1;

    /// <summary>Whether all that follows it is passed over, flags too: for what is refused anyway.</summary>
    public bool TakesAnything { get; init; }

    /// <summary>Refuses a wrong number of arguments, in runc's words.</summary>
    /// <exception cref="UsageException">There are too few or too many.</exception>
    public void Check(ParsedLine line)
    {
        var count = line.Arguments.Count;
        if (count >= Fewest && count <= Most)
            return;
        var wanted = Fewest == Most ? $"exactly {Fewest} argument(s)"
            : count < Fewest ? $"a minimum of {Fewest} argument(s)" : $"a maximum of {Most} argument(s)";
        throw new UsageException($"{HelpText.ProgramName}: \"{Name}\" requires {wanted}");
    }
}
