using Vitrine.TestKit;

namespace Vitrine.Tests.Integration.Glass.Namespaces;

/// <summary>A shell script that tells in which namespaces it runs and as what; the same text means the same surroundings.</summary>
internal static class NamespaceProbe
{
    /// <summary>Whether each namespace is this test's own; ids, maps, place, mounts, capabilities.</summary>
    public static string Relative { get; } =
        string.Join('\n', Kinds.Select(kind =>
            $"""[ "$(readlink /proc/self/ns/{kind})" = "{ProcessTable.Namespace(Environment.ProcessId, kind)}" ] && echo {kind} same || echo {kind} new""")) + Common;

    /// <summary>The namespaces by their inodes, for processes that are in the same ones.</summary>
    public static string Absolute { get; } =
        """for kind in mnt net ipc uts pid user cgroup time; do readlink /proc/self/ns/$kind; done""" + Common;

    /// <summary>Runs a command by the program that is compared with, and by vitrine.</summary>
    /// <param name="program">unshare or nsenter.</param>
    /// <param name="verb">run or enter.</param>
    /// <param name="options">The options of both.</param>
    /// <param name="command">The command.</param>
    public static (CommandResult Theirs, CommandResult Ours) Both(string program, string verb, IReadOnlyList<string> options, params string[] command) =>
        (Command.Run("env", [Defaults, program, .. options, .. command]), Command.Run("env", [Defaults, Repository.Binary("vitrine-glass"), "ns", verb, .. options, .. command]));

    /// <summary>What these tests ignore as every .NET process does, which vitrine, being one too, cannot pass on.</summary>
    public const string Defaults = "--default-signal=PIPE";

    private static string[] Kinds => ["mnt", "net", "ipc", "uts", "pid", "user", "cgroup", "time"];

    private const string Common = """

        grep -E '^(Cap|NoNewPrivs|Uid|Gid|Groups|SigIgn|SigBlk)' /proc/self/status
        tr -s ' ' </proc/self/uid_map | sort; tr -s ' ' </proc/self/gid_map | sort; cat /proc/self/setgroups
        pwd; stat -c %d:%i / .
        grep -E ' /proc ' /proc/self/mountinfo | sed -E 's/^[0-9]+ [0-9]+ [0-9:]+//'
        grep -oE ' / rw[a-z,]* [a-z]+:' /proc/self/mountinfo | cut -d' ' -f4
        hostname; umask; env | grep -vE '^(_|SHLVL|PWD)=' | sort
        readlink /proc/self/ns/pid_for_children /proc/self/ns/pid | uniq | wc -l
        [ $$ -gt 1 ] && echo not first || echo first
        """;
}
