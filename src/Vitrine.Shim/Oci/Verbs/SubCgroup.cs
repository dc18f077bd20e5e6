using Vitrine.Runtime;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>
/// exec's <c>--cgroup</c> as runc reads it: one path below the container's cgroup for all controllers, or on v1
/// <c>CONTROLLER[,CONTROLLER...]:PATH</c>, as often as wanted; controllers that are not named stay.
/// </summary>
internal static class SubCgroup
{
    /// <exception cref="VitrineException">A word is malformed, or names a controller that the container's cgroup does not have.</exception>
    public static ContainerCgroup Of(ContainerCgroup own, IReadOnlyList<string> words)
    {
        if (words is [var only] && !only.Contains(':'))
            return own.Below(_ => Checked(only, only));
        var paths = new Dictionary<string, string>();
        foreach (var word in words)
            Add(paths, word);
        var known = own.Cgroup.Layout.Hierarchies.SelectMany(hierarchy => hierarchy.Keys).ToHashSet();
        foreach (var controller in paths.Keys)
            if (controller.Length == 0 || !known.Contains(controller))
                throw Invalid($"unknown controller \"{controller}\"");
        return own.Below(hierarchy => hierarchy.Keys.Select(key => paths.GetValueOrDefault(key)).FirstOrDefault(path => path is not null));
    }

    private static void Add(Dictionary<string, string> paths, string word)
    {
        if (word.Split(':') is not [var controllers, var path])
            throw Invalid(word.Contains(':') ? $"invalid --cgroup argument: {word}" : $"invalid --cgroup argument: {word} (missing <controller>: prefix)");
        foreach (var controller in controllers.Split(','))
            if (!paths.TryAdd(controller, Checked(path, word)))
                throw Invalid($"invalid --cgroup argument(s): controller {controller} specified multiple times");
    }

    private static string Checked(string path, string word) =>
        path.Trim('/') is { Length: > 0 } below && !below.Split('/').Any(part => part is "" or "." or "..") ? below : throw Invalid($"invalid --cgroup argument: {word}");

    private static VitrineException Invalid(string message) => new(ErrorKind.Invalid, message);
}
