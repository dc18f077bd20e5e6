using System.Text;
using Vitrine.Insight.Sections;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Secrets;

namespace Vitrine.Insight.ByHand;

/// <summary>The command, its user and its rights.</summary>
internal static class ProcessPlanner
{
    /// <summary>What Vitrine's own init calls itself.</summary>
    private const string Init = "vitrine-init";

    public static HandProcess Plan(ExplainContext context)
    {
        var status = context.Status;
        var confinement = ConfinementExplainer.Explain(context);
        return new HandProcess
        {
            Arguments = Arguments(context),
            Environment = [.. Variables(context).Where(entry => entry.Contains('=')).Select(entry => Variable(context, entry))],
            Directory = Directory(context),
            Uid = ExplainContext.Inside(context.UserMap, status.User.Effective) ?? status.User.Effective,
            Gid = Group(context, status.Group.Effective),
            Groups = context.HasOwn(NamespaceKind.User) && context.Proc.Text(context.Pid, "setgroups")?.Trim() == "deny"
                ? null
                : [.. status.SupplementaryGroups.Select(group => Group(context, group))],
            Bounding = new CapabilitySet(status.CapBounding).ToNames(),
            Inheritable = new CapabilitySet(status.CapInheritable).ToNames(),
            Ambient = new CapabilitySet(status.CapAmbient).ToNames(),
            NoNewPrivileges = status.NoNewPrivileges == true,
            AppArmorProfile = confinement is { Module: "apparmor", Mode: not "unconfined" } ? confinement.Label : null,
            SelinuxLabel = confinement.Module == "selinux" ? confinement.Label : null,
            OutOfMemoryScore = Score(context),
            Umask = Umask(context),
            HasInit = context.Process.Command == Init,
        };
    }

    /// <summary>The environment as it was given; where that is not known, as the kernel has it.</summary>
    public static IReadOnlyList<string> Variables(ExplainContext context) =>
        context.Spec?.Process?.Env ?? context.Proc.Environment(Command(context)) ?? [];

    /// <summary>The process that is the command: with an init, its first child.</summary>
    private static int Command(ExplainContext context)
    {
        if (context.Process.Command != Init)
            return context.Pid;
        return context.Host.Processes.FirstOrDefault(process => process.ParentPid == context.Pid)?.Pid ?? context.Pid;
    }

    private static HandWord[] Arguments(ExplainContext context)
    {
        var arguments = context.Spec?.Process?.Args ?? context.Proc.CommandLine(Command(context)) ?? [];
        var secret = context.Redactor.Reveal ? [] : ArgumentScanner.Scan(arguments).Select(match => match.Argument).ToHashSet();
        return [.. arguments.Select((text, index) => secret.Contains(index) ? new HandWord("", $"SECRET_ARGUMENT_{index}") : new HandWord(text))];
    }

    private static HandWord Variable(ExplainContext context, string entry)
    {
        var equals = entry.IndexOf('=');
        var (name, value) = (entry[..equals], entry[(equals + 1)..]);
        return context.Redactor.Reveal || SecretDetector.Inspect(name, value).Count == 0
            ? new HandWord(entry)
            : new HandWord(name + "=", $"SECRET_{Plain(name)}");
    }

    /// <summary>A name that a shell takes for a variable, whatever bytes the container's has.</summary>
    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var character in name)
            plain.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        return plain.ToString();
    }

    private static string Directory(ExplainContext context)
    {
        if (context.Spec?.Process?.Cwd is { Length: > 0 } given)
            return given;
        return context.Proc.Link(Command(context), "cwd") is { } link && link.StartsWith('/') ? link : "/";
    }

    private static uint Group(ExplainContext context, uint outside) =>
        ExplainContext.Inside(context.Proc.GroupMap(context.Pid) ?? [], outside) ?? outside;

    private static string? Score(ExplainContext context)
    {
        var score = context.Proc.Text(context.Pid, "oom_score_adj")?.Trim();
        return score == context.Proc.SystemText("self/oom_score_adj")?.Trim() ? null : score;
    }

    private static string? Umask(ExplainContext context)
    {
        foreach (var line in (context.Proc.Text(context.Pid, "status") ?? "").AsSpan().EnumerateLines())
        {
            if (line.StartsWith("Umask:", StringComparison.Ordinal))
                return line["Umask:".Length..].Trim().ToString();
        }

        return null;
    }
}
