using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Control;
using Vitrine.Linux;

namespace Vitrine.Glass.Cgroups;

/// <summary>
/// Cgroups as cgroup-tools name them: <c>-g memory,cpu:/demo/box</c>, each with the controllers it is meant for; <c>*</c> for
/// all. A v1 controller that is mounted together with others brings them along.
/// </summary>
/// <param name="Path">Below the hierarchies' roots.</param>
/// <param name="Controllers">Null for all.</param>
internal sealed record CgroupPlaces(string Path, IReadOnlyList<string>? Controllers)
{
    /// <summary>The option that takes them.</summary>
    public static ListFlag<CgroupPlaces> Flag(FlagSet flags) =>
        flags.Add(new ListFlag<CgroupPlaces>("group", 'g', "controllers:path", "Only in these controllers' hierarchies, e.g. memory,cpu:/demo (\"*\" for all)", Parse));

    /// <exception cref="FlagValueException">It is not so written.</exception>
    public static CgroupPlaces Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1)
            throw new FlagValueException("it is written CONTROLLERS:PATH, as memory,cpu:/demo");
        var controllers = text[..colon].Split(',', StringSplitOptions.RemoveEmptyEntries);
        return new CgroupPlaces(text[(colon + 1)..], controllers.Contains("*") ? null : controllers);
    }

    /// <summary>The cgroup in its hierarchies; those without controllers are left alone where all are meant.</summary>
    /// <exception cref="VitrineException">NotFound: the host lacks a controller.</exception>
    public ControlGroup In(ControlGroupFinder finder, CgroupLayout layout)
    {
        foreach (var controller in Controllers ?? [])
        {
            if (layout.Of(controller) is null && !layout.Hierarchies.Any(hierarchy => hierarchy.Keys.Contains(controller)))
            {
                var there = string.Join(", ", layout.Hierarchies.SelectMany(hierarchy => hierarchy.Controllers));
                throw new VitrineException(ErrorKind.NotFound, $"this host has no controller {controller}: there are {there}");
            }
        }

        var group = finder.Name(Path, hierarchy => Controllers is { } wanted
            ? wanted.Any(controller => hierarchy.Controllers.Contains(controller) || hierarchy.Keys.Contains(controller))
            : hierarchy.Controllers.Count > 0);
        return group.Layout.Hierarchies.Count > 0 ? group : throw new VitrineException(ErrorKind.NotFound, $"no hierarchy can have {Path}");
    }
}
