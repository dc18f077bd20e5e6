using Vitrine.Linux;
using Vitrine.Shim.Lifecycle;

namespace Vitrine.Shim;

/// <summary>Removes what a container leaves on the host. Everything is tried; what cannot be removed is named.</summary>
internal sealed class Cleanup(Bundle bundle, VolumeMounts volumes)
{
    private readonly List<string> _problems = [];
    private string? _hidden;

    /// <summary>What could not be removed, as one line; empty where all was.</summary>
    public string Problems => string.Join("; ", _problems);

    /// <summary>
    /// Removes cgroup and socket, and with AutoRemove the container, whose files are only hidden: they go with
    /// <see cref="DeleteHidden"/>, for which nobody needs to wait.
    /// </summary>
    /// <param name="supervisor">Who had the cgroup; null where it never came to that.</param>
    /// <param name="keep">Leave the container although the plan says to remove it.</param>
    /// <returns>Whether the container is gone.</returns>
    public bool Run(Supervisor? supervisor, bool keep)
    {
        var plan = bundle.Plan;
        Try(() => supervisor?.RemoveCgroup());
        Try(volumes.Release);
        Try(() => bundle.Network?.Release());
        Try(() => FileTree.Delete(plan.RunDirectory));
        if (!plan.AutoRemove || keep)
            return false;
        var before = _problems.Count;
        Try(() => _hidden = Hide(plan.ContainerDirectory));
        var gone = new List<string>();
        foreach (var path in plan.RemoveWith)
        {
            // An anonymous volume that another container mounts as well.
            if (File.Exists(Path.Join(path, "shared")))
                continue;
            // All but the name, which is a link that leads nowhere now, is volumes.
            if (Directory.Exists(path))
                gone.Add(Path.GetFileName(path));
            Try(() => FileTree.Delete(path));
        }

        var events = new ContainerEvents(bundle);
        events.Tell("destroy");
        foreach (var name in gone)
            events.VolumeDestroyed(name);
        return _problems.Count == before;
    }

    /// <summary>Deletes the files of the container that is gone. What cannot be deleted is left to the engine's sweep.</summary>
    public void DeleteHidden()
    {
        if (_hidden is { } directory)
            Try(() => FileTree.Delete(directory));
    }

    /// <summary>Gives the directory the name that the engine's sweep knows: the container is gone at once, and a crash loses nothing but time.</summary>
    private static string Hide(string directory)
    {
        var hidden = Path.Join(Path.GetDirectoryName(directory), $".old-{Path.GetFileName(directory)}");
        Directory.Move(directory, hidden);
        return hidden;
    }

    private void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(e.Message);
        }
    }
}
