using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary>Asks before much is removed, unless <c>--force</c> was given.</summary>
internal sealed class Confirmation(FlagSet flags)
{
    private readonly BoolFlag _force = flags.Bool("force", 'f', "Do not prompt for confirmation");

    /// <summary>Whether it is to be done.</summary>
    /// <param name="cli">Where to ask.</param>
    /// <param name="warning">What will be done.</param>
    public bool Asked(CliContext cli, string warning)
    {
        if (_force.Value)
            return true;
        cli.Print(warning);
        cli.Screen.Out.Write("Are you sure you want to continue? [y/N] ");
        cli.Screen.Out.Flush();
        return Console.In.ReadLine()?.Trim() is "y" or "Y";
    }
}
