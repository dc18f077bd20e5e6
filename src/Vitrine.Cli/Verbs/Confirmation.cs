using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary>Asks before much is removed, unless <c>--force</c> was given.</summary>
internal sealed class Confirmation(FlagSet flags)
{
    private readonly BoolFlag _force = flags.Bool("force", 'f', "Do not prompt for confirmation");

    /// <summary>Returns where the answer is yes.</summary>
    /// <param name="cli">Where to ask.</param>
    /// <param name="what">The command, for the error.</param>
    /// <param name="warning">What will be done.</param>
    /// <exception cref="VitrineException">It is not.</exception>
    public void Ask(CliContext cli, string what, string warning)
    {
        if (_force.Value)
            return;
        cli.Print(warning);
        cli.Screen.Out.Write("Are you sure you want to continue? [y/N] ");
        cli.Screen.Out.Flush();
        if (Console.In.ReadLine()?.Trim() is not ("y" or "Y"))
            throw new VitrineException(ErrorKind.Invalid, $"{what} has been cancelled");
    }
}
