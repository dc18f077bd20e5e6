using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Creation;

/// <summary>Docker's -v: <c>[source:]target[:options]</c> as a mount, by the rules of its Linux parser.</summary>
internal static class VolumeSpec
{
    internal static readonly string[] Propagations = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];

    private static readonly string[][] ModeFamilies =
    [
        ["rw", "ro"],
        ["Z", "z"],
        Propagations,
        ["nocopy"],
        ["consistent", "cached", "delegated"],
    ];

    /// <summary>Parses one -v.</summary>
    /// <param name="raw">What the user wrote.</param>
    /// <param name="mode">The options as written, for docker inspect.</param>
    /// <param name="error">What is wrong with it, or null.</param>
    public static Mount? Parse(string raw, out string mode, out string? error)
    {
        var parts = raw.Split(':');
        mode = parts.Length == 3 ? parts[2] : "";
        error = null;
        // "/data:rw" is no volume with a mode: an anonymous volume cannot have one.
        if (parts.Length > 3 || parts[0].Length == 0 || parts.Length == 2 && IsMode(parts[1]))
            error = $"invalid volume specification: '{raw}'";
        else if (!IsMode(mode))
            error = $"invalid mode: {mode}";
        return error is null ? Build(parts, mode.Split(',')) : null;
    }

    private static Mount Build(string[] parts, string[] options)
    {
        var source = parts.Length > 1 ? parts[0] : null;
        var bind = source?.StartsWith('/') ?? false;
        var propagation = options.FirstOrDefault(Propagations.Contains);
        return new Mount
        {
            Type = bind ? "bind" : "volume",
            Source = source,
            Target = parts.Length > 1 ? parts[1] : parts[0],
            ReadOnly = options.Contains("ro"),
            BindOptions = bind || propagation is not null ? new BindOptions { Propagation = propagation, CreateMountpoint = true } : null,
            VolumeOptions = bind ? null : new VolumeOptions { NoCopy = options.Contains("nocopy") },
        };
    }

    /// <summary>Each option is known, and none of a family is given twice.</summary>
    private static bool IsMode(string mode)
    {
        if (mode.Length == 0)
            return true;
        var seen = new HashSet<string[]>();
        foreach (var option in mode.Split(','))
        {
            var family = Array.Find(ModeFamilies, candidate => candidate.Contains(option));
            if (family is null || !seen.Add(family))
                return false;
        }
        return true;
    }
}
