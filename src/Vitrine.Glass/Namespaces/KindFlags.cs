using Vitrine.Commands.CommandLine;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Namespaces;

/// <summary>An option for each of the eight kinds, called as unshare(1) and nsenter(1) call them.</summary>
internal sealed class KindFlags
{
    private static readonly (NamespaceKind Kind, string Name, char Letter, string What)[] s_kinds =
    [
        (NamespaceKind.Mount, "mount", 'm', "mount namespace (mount table)"),
        (NamespaceKind.Uts, "uts", 'u', "UTS namespace (host name)"),
        (NamespaceKind.Ipc, "ipc", 'i', "IPC namespace (System V IPC, message queues)"),
        (NamespaceKind.Network, "net", 'n', "network namespace"),
        (NamespaceKind.Pid, "pid", 'p', "pid namespace (process numbers)"),
        (NamespaceKind.User, "user", 'U', "user namespace (ids, capabilities)"),
        (NamespaceKind.Cgroup, "cgroup", 'C', "cgroup namespace"),
        (NamespaceKind.Time, "time", 'T', "time namespace (clocks)"),
    ];

    private readonly List<(NamespaceKind Kind, OptionalFlag Flag)> _flags = [];

    /// <param name="flags">Takes the options.</param>
    /// <param name="verb">What becomes of the namespace, as the help says it.</param>
    /// <param name="file">What a file stands for.</param>
    public KindFlags(FlagSet flags, string verb, string file)
    {
        foreach (var (kind, name, letter, what) in s_kinds)
            _flags.Add((kind, flags.Add(new OptionalFlag(name, letter, "file", $"{verb} {what}{file}"))));
    }

    /// <summary>The kinds that were given.</summary>
    public IReadOnlyList<NamespaceKind> Given => [.. _flags.Where(item => item.Flag.IsSet).Select(item => item.Kind)];

    /// <summary>Those that came without a file.</summary>
    public IReadOnlyList<NamespaceKind> Bare => [.. _flags.Where(item => item.Flag is { IsSet: true, HasValue: false }).Select(item => item.Kind)];

    /// <summary>Those that came with one.</summary>
    public IReadOnlyList<NamespaceFile> Files =>
        [.. _flags.Where(item => item.Flag.HasValue).Select(item => new NamespaceFile(item.Kind, item.Flag.Value))];
}
