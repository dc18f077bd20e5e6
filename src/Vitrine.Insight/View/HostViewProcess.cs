using Vitrine.Insight.Host;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.View;

/// <summary>A process of the host view: a container's, or the supervisor of one.</summary>
public sealed record HostViewProcess
{
    /// <summary>Its container; of a supervisor null, but where it lives in a container itself.</summary>
    public HostContainer? Container { get; init; }

    public required HostProcess Process { get; init; }

    /// <summary>How it came into its container; null for a supervisor outside of all containers.</summary>
    public MemberRole? Role { get; init; }

    /// <summary>The engine of the containers that it supervises; null where it does not.</summary>
    public string? Supervises { get; init; }

    /// <summary>The host's name of its effective user; the number where it has none.</summary>
    public required string HostUser { get; init; }

    /// <summary>Its effective user id inside, through the user namespace's map; null where the id is not mapped.</summary>
    public uint? ContainerUid { get; init; }

    /// <summary>The name that the container's own /etc/passwd has for that id; the number where it has none.</summary>
    public string? ContainerUser { get; init; }

    public required IsolationGlance Isolation { get; init; }

    /// <summary>The arguments, secrets hidden; the thread name in brackets where there are none.</summary>
    public required string Command { get; init; }

    /// <summary>The process under which the forest shows it: its parent, or for one that joined the container's supervisor. Null at the top.</summary>
    public int? Under { get; init; }

    public int Pid => Process.Pid;

    public uint HostUid => Process.Glance.User;

    /// <summary>Its pid in its own pid namespace.</summary>
    public int ContainerPid => Process.Glance.InnermostPid;
}

/// <summary>Which walls stand around a process, each in a letter.</summary>
public readonly record struct IsolationGlance
{
    /// <summary>The letters of the namespaces by <see cref="NamespaceKind"/>.</summary>
    private const string NamespaceLetters = "UPMNHICT";

    /// <summary>By <see cref="NamespaceKind"/>: whether the namespace is not the host's; null where it cannot be told.</summary>
    public required IReadOnlyList<bool?> OwnNamespaces { get; init; }

    /// <summary>Whether a seccomp filter sees its system calls; null where the kernel does not say.</summary>
    public bool? Seccomp { get; init; }

    /// <summary>The security module's label, null without one: <c>docker-default (enforce)</c>.</summary>
    public string? Label { get; init; }

    public bool? NoNewPrivileges { get; init; }

    /// <summary>The most capabilities that it can get, against docker's default and all there are.</summary>
    public required CapabilityReach Capabilities { get; init; }

    /// <summary>
    /// Thirteen characters: <c>UPMNHICT</c> - the user, pid, mount, network, host name (uts), ipc, cgroup and time namespaces -
    /// a blank, and <c>S</c>eccomp, <c>L</c>abel, no_new_privs as <c>X</c>, and capabilities: 0 none, d at most docker's
    /// default, + more, ! all. <c>-</c> where there is no wall, ? where it cannot be told, <c>l</c> for a label that only complains.
    /// </summary>
    public override string ToString() => string.Create(13, this, static (text, glance) =>
    {
        for (var kind = 0; kind < NamespaceLetters.Length; kind++)
            text[kind] = Letter(glance.OwnNamespaces[kind], NamespaceLetters[kind]);
        text[8] = ' ';
        text[9] = Letter(glance.Seccomp, 'S');
        text[10] = glance.Label is null || glance.Label.StartsWith("unconfined", StringComparison.Ordinal) ? '-' : glance.Label.EndsWith("(complain)", StringComparison.Ordinal) ? 'l' : 'L';
        text[11] = Letter(glance.NoNewPrivileges, 'X');
        text[12] = glance.Capabilities switch
        {
            CapabilityReach.None => '0',
            CapabilityReach.Default => 'd',
            CapabilityReach.More => '+',
            _ => '!',
        };
    });

    private static char Letter(bool? stands, char letter) => stands switch { true => letter, false => '-', null => '?' };
}

/// <summary>How far a set of capabilities reaches.</summary>
public enum CapabilityReach
{
    None,

    /// <summary>Nothing that docker run does not give.</summary>
    Default,

    /// <summary>More than docker run gives.</summary>
    More,

    /// <summary>All that the kernel has: --privileged.</summary>
    All,
}
