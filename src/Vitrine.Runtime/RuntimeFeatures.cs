using Vitrine.Filters;
using Vitrine.Linux.Seccomp;

namespace Vitrine.Runtime;

/// <summary>
/// The words of a configuration that this runtime carries out (runtime-spec features.md): each list is made of the table that the
/// configuration is read by, in byte order.
/// </summary>
public static class RuntimeFeatures
{
    /// <summary>Types of namespaces.</summary>
    public static string[] Namespaces => Sorted(NamespacePlan.Types);

    /// <summary>Mount options, apart from those that a filesystem alone understands.</summary>
    public static string[] Mounts => Sorted(MountOptions.Words);

    /// <summary>Actions of seccomp rules.</summary>
    public static string[] SeccompActions => Sorted(SeccompSection.ActionNames);

    /// <summary>Comparisons of system call arguments.</summary>
    public static string[] SeccompOperators => Sorted(SeccompSection.OperatorNames);

    /// <summary>Flags of a seccomp filter.</summary>
    public static string[] SeccompFlags => Sorted(SeccompSection.FlagNames);

    /// <summary>ABIs that a filter can have rules for.</summary>
    public static string[] SeccompArchs => Sorted(SeccompArchitectures.Names);

    private static string[] Sorted(string[] names)
    {
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
