namespace Vitrine.Linux;

/// <summary>Names of resource limits: to the kernel's numbers and back (getrlimit(2), asm-generic/resource.h).</summary>
public static class Rlimits
{
    /// <summary>No limit (RLIM_INFINITY).</summary>
    public const ulong Infinity = ulong.MaxValue;

    /// <summary>How many limits there are (RLIM_NLIMITS).</summary>
    public const int Count = 16;

    private const string Prefix = "RLIMIT_";

    /// <summary>Reads a name as config.json has it (<c>RLIMIT_NOFILE</c>) or as Docker's --ulimit does (<c>nofile</c>).</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out int resource)
    {
        if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            name = name[Prefix.Length..];
        for (resource = 0; resource < Count; resource++)
        {
            if (name.Equals(ShortName(resource), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        resource = -1;
        return false;
    }

    /// <summary>The kernel's name of a limit, e.g. <c>RLIMIT_NOFILE</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such limit.</exception>
    public static string Name(int resource) => string.Concat(Prefix, ShortName(resource).ToUpperInvariant());

    /// <summary>Docker's name of a limit, e.g. <c>nofile</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such limit.</exception>
    public static string ShortName(int resource) => resource switch
    {
        0 => "cpu",
        1 => "fsize",
        2 => "data",
        3 => "stack",
        4 => "core",
        5 => "rss",
        6 => "nproc",
        7 => "nofile",
        8 => "memlock",
        9 => "as",
        10 => "locks",
        11 => "sigpending",
        12 => "msgqueue",
        13 => "nice",
        14 => "rtprio",
        15 => "rttime",
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, "no such resource limit"),
    };
}
