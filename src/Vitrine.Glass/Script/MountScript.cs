using Vitrine.Insight.ByHand;

namespace Vitrine.Glass.Script;

/// <summary>Commands of mount(8).</summary>
internal static class MountScript
{
    /// <summary>Two functions that make a place to mount on below $ROOT.</summary>
    public const string Places = """
        inside() { [ "$(realpath -m "$ROOT$1")" = "$ROOT$1" ] || { echo "by hand: $1 leads elsewhere" >&2; exit 1; }; }
        directory() { inside "$1"; mkdir -p "$ROOT$1"; }
        file() { inside "$1"; mkdir -p "$ROOT${1%/*}"; [ -e "$ROOT$1" ] || : >"$ROOT$1"; }
        """;

    /// <summary>The commands that make one mount; its place is there.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="ownGroup">The shell's variable for the new control group beside a directory of the live container's.</param>
    public static IEnumerable<string> Make(HandMount mount, Func<string, string> ownGroup)
    {
        var place = Place(mount);
        yield return mount.Kind switch
        {
            HandMountKind.New => $"mount -t {mount.FileSystem}{Options([.. mount.Flags.Where(flag => flag != "ro"), .. mount.Data])} {ShellText.Quote(mount.Source)} {place}",
            HandMountKind.Within => $"mount --bind \"$ROOT\"{ShellText.Quote(mount.Source)} {place}",
            HandMountKind.OwnGroup => $"mount --bind \"{ownGroup(mount.Source)}\" {place}",
            _ => $"mount --bind {ShellText.Quote(mount.Source)} {place}",
        };
        if (mount.Propagation is { } propagation)
            yield return $"mount --make-{propagation} {place}";
    }

    /// <summary>The command that gives a mount its own options; null where it has them from the start.</summary>
    public static string? Change(HandMount mount)
    {
        // A filesystem that is made read-only is so for everybody who mounts it; the mount alone is what is meant.
        var isMade = mount.Kind == HandMountKind.New && !mount.Flags.Contains("ro");
        return isMade || mount.Flags.Count == 0 ? null : $"mount -o remount,bind,{string.Join(',', mount.Flags)} {Place(mount)}";
    }

    private static string Place(HandMount mount) => $"\"$ROOT\"{ShellText.Quote(mount.Destination)}";

    private static string Options(IReadOnlyList<string> options) => options.Count == 0 ? "" : $" -o {ShellText.Quote(string.Join(',', options))}";
}
