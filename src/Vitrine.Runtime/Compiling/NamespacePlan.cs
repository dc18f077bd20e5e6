using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>Which namespaces a container makes for itself, which it joins, and which it shares with the host.</summary>
internal sealed class NamespacePlan
{
    // The types of runtime-spec config-linux.md.
    private static readonly (string Type, NamespaceKind Kind)[] s_types =
    [
        ("pid", NamespaceKind.Pid), ("network", NamespaceKind.Network), ("mount", NamespaceKind.Mount), ("ipc", NamespaceKind.Ipc),
        ("uts", NamespaceKind.Uts), ("user", NamespaceKind.User), ("cgroup", NamespaceKind.Cgroup), ("time", NamespaceKind.Time),
    ];

    private readonly List<(NamespaceKind Kind, string Path)> _joined = [];

    private NamespacePlan()
    {
    }

    /// <summary>All types that there are, in a new array.</summary>
    public static string[] Types => Array.ConvertAll(s_types, static known => known.Type);

    /// <summary>Those it makes.</summary>
    public CloneFlags New { get; private set; }

    /// <summary>Those that are not the host's.</summary>
    public CloneFlags Own { get; private set; }

    /// <summary>Those of other processes that it joins, a user namespace first as it rules over the others.</summary>
    public IReadOnlyList<(NamespaceKind Kind, string Path)> Joined => _joined;

    /// <exception cref="VitrineException">A type is unknown, or named twice.</exception>
    public static NamespacePlan Of(Spec spec)
    {
        var plan = new NamespacePlan();
        foreach (var item in spec.Linux?.Namespaces ?? [])
            plan.Add(item);
        plan._joined.Sort((a, b) => ((int)a.Kind).CompareTo((int)b.Kind));
        return plan;
    }

    public bool Makes(NamespaceKind kind) => (New & kind.ToCloneFlag()) != 0;

    public bool Has(NamespaceKind kind) => (Own & kind.ToCloneFlag()) != 0;

    public bool Joins(NamespaceKind kind) => Has(kind) && !Makes(kind);

    private void Add(Namespace item)
    {
        var kind = Parse(item.Type);
        var flag = kind.ToCloneFlag();
        if (Own.HasFlag(flag))
            throw Invalid.Configuration($"namespace {item.Type} is listed twice");
        Own |= flag;
        if (string.IsNullOrEmpty(item.Path))
            New |= flag;
        else
            _joined.Add((kind, item.Path));
    }

    private static NamespaceKind Parse(string type)
    {
        foreach (var known in s_types)
        {
            if (known.Type == type)
                return known.Kind;
        }

        throw Invalid.Configuration($"unknown namespace type \"{type}\"");
    }
}
