using System.Text;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Mounts;

/// <summary>The directories of an overlay mount (Documentation/filesystems/overlayfs.rst).</summary>
internal sealed record OverlayOptions(IReadOnlyList<string> Lower, string? Upper, string? Work)
{
    /// <summary>Reads <c>lowerdir=top:next</c> and the <c>lowerdir+=one</c> of mounts made with fsconfig(2); topmost first.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="root">
    /// What relative paths are below: engines mount many layers from within their directory, as the options may be no longer than a page.
    /// </param>
    public static OverlayOptions Read(MountEntry mount, string? root = null)
    {
        var lower = new List<string>();
        if (mount.SuperOption("lowerdir") is { } list)
            Split(list, lower);
        foreach (var option in mount.SuperOptions)
        {
            if (option.StartsWith("lowerdir+=", StringComparison.Ordinal) || option.StartsWith("datadir+=", StringComparison.Ordinal))
                lower.Add(option[(option.IndexOf('=') + 1)..]);
        }

        return new OverlayOptions([.. lower.Select(Whole)], mount.SuperOption("upperdir") is { } upper ? Whole(upper) : null, mount.SuperOption("workdir"));

        string Whole(string path) => root is null || path.StartsWith('/') ? path : Path.Join(root, path);
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
