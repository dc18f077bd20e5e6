using System.Globalization;
using Vitrine.Engine.Running;
using Vitrine.Insight;
using Vitrine.Oci;

namespace Vitrine.Engine;

/// <content>The glass box.</content>
public sealed partial class ContainerEngine
{
    /// <summary>What a container really is on this host: of this engine, by name or id, or any process, by pid.</summary>
    /// <param name="target">Name or id of a container, else the number of a process.</param>
    /// <param name="explain">How to explain; null hides secrets.</param>
    /// <param name="cancellation">Honoured before the explanation begins.</param>
    /// <exception cref="VitrineException">NotFound; Conflict: the container does not run.</exception>
    public Task<ContainerExplanation> ExplainAsync(string target, ExplainOptions? explain = null, CancellationToken cancellation = default) =>
        Blocking.Now(() => new Explainer(explain).Explain(Target(target)), cancellation);

    private ExplainTarget Target(string target)
    {
        if (_store.TryResolve(target) is { } id && _containers.Look(id) is { } found)
        {
            return found.State is { IsRunning: true, Pid: > 0 and var pid }
                ? new ExplainTarget { Pid = pid, Hints = Hints(found) }
                : throw found.NotRunning();
        }
        if (!int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var process) || process <= 0)
            throw Storage.ContainerStore.NoSuch(target);
        // A pid inside one of our containers is explained with what we know of it.
        var owner = _containers.All().FirstOrDefault(container => container.State is { IsRunning: true } state && state.Pid == process);
        return new ExplainTarget { Pid = process, Hints = owner is null ? null : Hints(owner) };
    }

    private ContainerHints Hints(Container found) => new()
    {
        Engine = "vitrine",
        Id = found.Id,
        Name = found.Record.Name,
        Image = found.Record.Config.Image,
        Layers = Layers(found),
        Volumes = [.. found.Record.Mounts.Where(mount => mount.IsVolume).Select(mount => new VolumeHint { Name = mount.Name!, Directory = _store.Paths.VolumeData(mount.Name!) })],
        SpecPath = found.Paths.Config,
        ImageEnvironment = ImageOf(found)?.Config.Config?.Env ?? [],
        FilesWithEnvironment = [found.Paths.Config, found.Paths.Record],
    };

    private List<LayerHint> Layers(Container found)
    {
        var image = ImageOf(found);
        // Steps that made no layer have no place in the list of layers.
        var steps = image?.Config.History?.Where(step => !step.EmptyLayer).ToList() ?? [];
        var digests = image?.Config.RootFs.DiffIds ?? [];
        return
        [
            .. found.Record.Layers.Select((chain, index) => new LayerHint
            {
                Directory = _store.Paths.Layer(chain),
                Digest = index < digests.Count ? digests[index].ToString() : null,
                CreatedBy = steps.Count == found.Record.Layers.Count ? steps[index].CreatedBy : null,
            }),
        ];
    }

    private Images.Image? ImageOf(Container found) =>
        Digest.TryParse(found.Record.ImageId, out var id) ? _images.Value.Find(id.ToString()) : null;
}
