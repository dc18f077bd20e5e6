using System.Text;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Mounts;

/// <summary>The directories of an overlay mount (Documentation/filesystems/overlayfs.rst).</summary>
internal sealed record OverlayOptions(IReadOnlyList<string> Lower, string? Upper, string? Work)
{
    /// <summary>Reads <c>lowerdir=top:next</c> and the <c>lowerdir+=one</c> of mounts made with fsconfig(2); topmost first.</summary>
    public static OverlayOptions Read(MountEntry mount)
    {
        var lower = new List<string>();
        if (mount.SuperOption("lowerdir") is { } list)
            Split(list, lower);
        foreach (var option in mount.SuperOptions)
        {
            if (option.StartsWith("lowerdir+=", StringComparison.Ordinal) || option.StartsWith("datadir+=", StringComparison.Ordinal))
                lower.Add(option[(option.IndexOf('=') + 1)..]);
        }

        return new OverlayOptions(lower, mount.SuperOption("upperdir"), mount.SuperOption("workdir"));
    }

    // Colons in a name are escaped with a backslash; "::" parts data-only layers.
    private static void Split(string list, List<string> parts)
    {
        var part = new StringBuilder();
        for (var i = 0; i <= list.Length; i++)
        {
            if (i < list.Length && list[i] == '\\' && i + 1 < list.Length)
            {
                part.Append(list[++i]);
            }
            else if (i < list.Length && list[i] != ':')
            {
                part.Append(list[i]);
            }
            else
            {
                if (part.Length > 0)
                    parts.Add(part.ToString());
                part.Clear();
            }
        }
    }
}
