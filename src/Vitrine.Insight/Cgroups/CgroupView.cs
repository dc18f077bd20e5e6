using System.Globalization;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Cgroups;

/// <summary>The files of one process's cgroups, by controller, in whichever version of the hierarchy has it.</summary>
internal sealed class CgroupView
{
    /// <summary>v1 prints "no limit" as the largest number of pages in bytes; anything near it is meant so.</summary>
    private const long Unlimited = 1L << 60;

    private readonly List<CgroupPlace> places = [];
    private readonly SectionNotes notes;
    private readonly string hostRoot;

    /// <param name="layout">The hierarchies, their mount points below <paramref name="hostRoot"/>.</param>
    /// <param name="memberships">Where the process is in each.</param>
    /// <param name="hostRoot">What is put before paths to read them, and left out when they are quoted.</param>
    /// <param name="notes">Where unreadable files are noted.</param>
    public CgroupView(CgroupLayout layout, IReadOnlyList<CgroupMembership> memberships, string hostRoot, SectionNotes notes)
    {
        this.notes = notes;
        this.hostRoot = hostRoot;
        foreach (var membership in memberships)
            places.Add(Place(layout, membership));
    }

    public IReadOnlyList<CgroupPlace> Places => places;

    /// <summary>v1, v2, hybrid, or none, by where the controllers are.</summary>
    public string Version
    {
        get
        {
            var v1 = places.Exists(place => place.Version == 1);
            var v2 = places.Exists(place => place is { Version: 2, Directory: not null });
            return (v1, v2) switch { (true, true) => "hybrid", (true, false) => "v1", (false, true) => "v2", _ => "none" };
        }
    }

    /// <summary>The cgroup whose files a controller's settings are in, or null where the controller is not to be had.</summary>
    public CgroupPlace? In(string controller) =>
        places.Find(place => place.Directory is not null && place.Controllers.Contains(controller));

    public string? PathOf(string controller, string file) => In(controller) is { } place ? $"{place.Directory}/{file}" : null;

    /// <summary>A file's text without the last line end; null where it is not there or unreadable, which is then noted.</summary>
    public string? Read(string controller, string file) =>
        PathOf(controller, file) is { } path ? ReadFile(file, path) : null;

    /// <summary>A file of one place, as <see cref="Read"/> does.</summary>
    public string? ReadFile(string name, string path) =>
        notes.Read(name, path, () => KernelFile.Read(hostRoot + path))?.TrimEnd('\n');

    /// <summary>A file with one number.</summary>
    public long? Number(string controller, string file) => ParseNumber(Read(controller, file));

    /// <summary>A file with one limit: "max", -1 and v1's huge number are null.</summary>
    public long? Limit(string controller, string file) => ParseLimit(Read(controller, file));

    /// <summary>One value of a file with a key and a number on each line.</summary>
    public long? Keyed(string controller, string file, string key) => ParseKeyed(Read(controller, file), key);

    internal static long? ParseNumber(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    // 2^63-1 rounded to pages overflows nothing, but 2^64-1 of some files does: it is no limit either.
    internal static long? ParseLimit(string? text) => ParseNumber(text) is { } number and >= 0 and < Unlimited ? number : null;

    internal static long? ParseKeyed(string? text, string key)
    {
        if (text is null)
            return null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Length > key.Length && line.StartsWith(key, StringComparison.Ordinal) && line[key.Length] == ' '
                && long.TryParse(line[(key.Length + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                return value;
        }

        return null;
    }

    private CgroupPlace Place(CgroupLayout layout, CgroupMembership membership)
    {
        foreach (var hierarchy in layout.Hierarchies)
        {
            if (!Matches(hierarchy, membership))
                continue;
            return new CgroupPlace
            {
                Controllers = membership.IsV2 ? hierarchy.Controllers : Controllers(membership),
                Version = hierarchy.Version,
                Path = membership.Path,
                // A path that leaves the reader's cgroup namespace has no files here (cgroup_namespaces(7)).
                Directory = membership.Path.StartsWith("/..", StringComparison.Ordinal) ? null : hierarchy.MountPoint[hostRoot.Length..] + membership.Path.TrimEnd('/'),
            };
        }

        return new CgroupPlace
        {
            Controllers = Controllers(membership),
            Version = membership.IsV2 ? 2 : 1,
            Path = membership.Path,
        };
    }

    private static IReadOnlyList<string> Controllers(CgroupMembership membership) =>
        membership.Name is { } name ? [$"name={name}"] : membership.Controllers;

    private static bool Matches(CgroupHierarchy hierarchy, CgroupMembership membership)
    {
        if (membership.IsV2)
            return hierarchy.Version == 2;
        if (hierarchy.Version != 1)
            return false;
        return membership.Name is { } name ? hierarchy.Name == name : membership.Controllers.Count > 0 && hierarchy.Controllers.Contains(membership.Controllers[0]);
    }
}
