using System.Globalization;
using System.Text;

namespace Vitrine.Tests.Unit.Cli.Compatibility;

/// <summary>The table in docs/docker-compatibility.md.</summary>
internal static class CompatibilityPage
{
    public const string Start = "<!-- From here on the page is what tests/unit/Cli/Compatibility generates. -->";

    public static string Write(IReadOnlyList<DockerCommand> commands)
    {
        var page = new StringBuilder(Start).Append("\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Of the {Count(commands, null)} commands and options of docker 28's command line, {Supported(commands)} are supported, ");
        page.Append(CultureInfo.InvariantCulture, $"{Count(commands, Fate.WithoutEffect)} are accepted without effect, and {Count(commands, Fate.Refused)} are refused with the reason. ");
        var promised = Promised(commands);
        page.Append(CultureInfo.InvariantCulture, $"Without contexts and checkpoints, which Vitrine has not by design, and what a later version brings, ");
        page.Append(CultureInfo.InvariantCulture, $"{Supported(promised)} of {Count(promised, null)} are supported: {100.0 * Supported(promised) / Count(promised, null):f1} %.\n\n");
        foreach (var command in commands)
            WriteCommand(page, command);
        return page.ToString();
    }

    /// <summary>What this version is to have: no daemons to choose from and no checkpoints by design, and some things later.</summary>
    public static IReadOnlyList<DockerCommand> Promised(IReadOnlyList<DockerCommand> commands) =>
        [.. commands.Where(static command => command.Form.Split(' ')[0] is not ("context" or "checkpoint") && !IsLater(command.Reason))
            .Select(static command => command with { Flags = [.. command.Flags.Where(static flag => !IsLater(flag.Reason))] })];

    private static bool IsLater(string reason) => reason.Contains("later version", StringComparison.Ordinal);

    /// <summary>What does as docker does, a refusal included.</summary>
    public static int Supported(IEnumerable<DockerCommand> commands) => commands.SelectMany(static command => command.Fates).Count(static fate => fate is Fate.Supported or Fate.AsDocker);

    public static int Count(IEnumerable<DockerCommand> commands, Fate? fate) => commands.SelectMany(static command => command.Fates).Count(found => fate is null || found == fate);

    private static string WordsFor(Fate fate) => fate switch
    {
        Fate.WithoutEffect => "accepted without effect",
        Fate.AsDocker => "refused, as docker refuses it here (on Linux, without swarm and experiments)",
        _ => "refused",
    };

    private static void WriteCommand(StringBuilder page, DockerCommand command)
    {
        page.Append(CultureInfo.InvariantCulture, $"### {(command.Form.Length > 0 ? command.Form : "before the verb")}\n\n");
        if (command.Forms.Count > 1)
            page.Append(CultureInfo.InvariantCulture, $"Also {string.Join(", ", command.Forms.Skip(1).Select(static form => $"`{form}`"))}.\n\n");
        if (command.Fate != Fate.Supported)
        {
            page.Append(CultureInfo.InvariantCulture, $"Refused: {command.Reason}.\n\n");
            return;
        }

        var supported = command.Flags.Where(static flag => flag.Fate == Fate.Supported).Select(static flag => $"`{flag.Names}`").ToList();
        page.Append(supported.Count > 0 ? $"Supported: {string.Join(" ", supported)}\n\n" : command.Flags.Count > 0 ? "" : "Supported; it has no options.\n\n");
        var others = command.Flags.Where(static flag => flag.Fate != Fate.Supported).ToList();
        if (others.Count == 0)
            return;
        page.Append("| option | |\n|---|---|\n");
        foreach (var flag in others)
            page.Append(CultureInfo.InvariantCulture, $"| `{flag.Names}` | {WordsFor(flag.Fate)}: {flag.Reason.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        page.Append('\n');
    }
}
