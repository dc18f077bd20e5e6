using System.Text;

namespace Vitrine.Shim.Oci.CommandLine;

/// <summary>Help in the layout of runc's.</summary>
internal static class HelpText
{
    public const string ProgramName = "vitrine-oci";

    public static string OfProgram(IReadOnlyList<Verb> verbs, IReadOnlyList<Flag> flags)
    {
        var text = new StringBuilder();
        text.Append("NAME:\n   ").Append(ProgramName).Append(" - Open Container Initiative runtime of Vitrine, with runc's command line\n\n")
            .Append("USAGE:\n   ").Append(ProgramName).Append(" [global options] command [command options] [arguments...]\n\n")
            .Append("VERSION:\n   ").Append(VersionText.Version).Append("\n\nCOMMANDS:\n");
        foreach (var verb in verbs)
            text.Append("   ").Append(verb.Name.PadRight(12)).Append(verb.Summary).Append('\n');
        text.Append("\nGLOBAL OPTIONS:\n");
        Append(text, flags);
        return text.ToString();
    }

    public static string Of(Verb verb)
    {
        var text = new StringBuilder();
        text.Append("NAME:\n   ").Append(ProgramName).Append(' ').Append(verb.Name).Append(" - ").Append(verb.Summary)
            .Append("\n\nUSAGE:\n   ").Append(ProgramName).Append(' ').Append(verb.Name).Append(" [command options] ").Append(verb.Usage).Append('\n');
        if (verb.Flags.Count == 0)
            return text.ToString();
        text.Append("\nOPTIONS:\n");
        Append(text, verb.Flags);
        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<Flag> flags)
    {
        var width = 0;
        foreach (var flag in flags)
            width = Math.Max(width, flag.Hidden ? 0 : Name(flag).Length);
        foreach (var flag in flags)
        {
            if (flag.Hidden)
                continue;
            text.Append("   ").Append(Name(flag).PadRight(width + 2)).Append(flag.Help);
            if (flag.Default is { } value)
                text.Append(" (default: ").Append(value).Append(')');
            text.Append('\n');
        }
    }

    private static string Name(Flag flag)
    {
        var value = flag.Kind == FlagKind.Switch ? "" : " value";
        return flag.Short is { } letter ? $"--{flag.Name}{value}, -{letter}{value}" : $"--{flag.Name}{value}";
    }
}
