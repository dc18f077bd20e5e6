using System.Globalization;
using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Creation;

/// <summary>The mount options of a container's tmpfs: Docker's safe ones, then what the user says (tmpfs(5)).</summary>
internal static class TmpfsSettings
{
    private static readonly string[] Defaults = ["noexec", "nosuid", "nodev"];

    private static readonly string[] Flags =
    [
        "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "sync", "async", "dirsync", "mand", "nomand", "atime", "noatime",
        "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime",
        "private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable",
    ];

    private static readonly string[] Values = ["mode", "uid", "gid", "size", "nr_blocks", "nr_inodes", "mpol"];

    /// <summary>The user's options of --tmpfs TARGET:OPTIONS.</summary>
    public static IReadOnlyList<string> Options(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The user's options of --mount type=tmpfs.</summary>
    public static IReadOnlyList<string> Options(Mount mount)
    {
        var options = new List<string>();
        if (mount.ReadOnly)
            options.Add("ro");
        if (mount.TmpfsOptions is not { } settings)
            return options;
        if (settings.Mode != 0)
            options.Add("mode=" + Convert.ToString(settings.Mode, 8));
        if (settings.SizeBytes != 0)
            options.Add(string.Create(CultureInfo.InvariantCulture, $"size={settings.SizeBytes}"));
        foreach (var option in settings.Options ?? [])
            options.Add(string.Join('=', option));
        return options;
    }

    /// <summary>The first option that no tmpfs has, in Docker's words; null where all are fine.</summary>
    public static string? Problem(IReadOnlyList<string> options)
    {
        foreach (var option in options)
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            var known = equals < 0 ? Flags.Contains(option) : Values.Contains(option[..equals]) && equals < option.Length - 1;
            if (!known)
                return $"invalid tmpfs option \"{option}\"";
        }
        return null;
    }

    /// <summary>The defaults, each replaced where the user says its opposite, then the user's.</summary>
    public static IReadOnlyList<string> Merge(IReadOnlyList<string> options)
    {
        var merged = new List<string>();
        foreach (var flag in Defaults)
        {
            if (!options.Contains(flag) && !options.Contains(flag[2..]))
                merged.Add(flag);
        }
        merged.AddRange(options);
        return merged;
    }
}
