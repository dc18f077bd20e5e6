using Vitrine.Engine.Docker;
using Vitrine.Engine.Files;
using Vitrine.Images;
using Vitrine.Images.Archives;
using Vitrine.Images.Layers;
using Vitrine.Oci;

namespace Vitrine.Engine;

/// <content>Images from containers.</content>
public sealed partial class ContainerEngine
{
    /// <summary>Makes an image of a container's changes, running or not.</summary>
    /// <returns>The image's id, sha256:...</returns>
    /// <exception cref="VitrineException">NotFound; Invalid: a change that is no instruction, or a container that stands on a plain directory.</exception>
    public async Task<string> CommitAsync(string container, CommitOptions? commit = null, CancellationToken cancellation = default)
    {
        commit ??= new CommitOptions();
        var found = _containers.Get(container);
        if (found.Record.RootFs is not null)
            throw new VitrineException(ErrorKind.Invalid, $"container {container} stands on a directory, not on an image: use export and import");
        var image = Digest.TryParse(found.Record.ImageId, out var imageId) && _images.Value.Find(imageId.ToString()) is { } known ? known
            : throw new VitrineException(ErrorKind.NotFound, $"No such image: {found.Record.ImageId}: the image of container {container} has been removed");
        var name = commit.Name is { Length: > 0 } text ? ImageReference.Parse(text) : null;
        var execution = ImageChanges.Apply(CommitConfig.Of(found.Record.Config, commit.Config), commit.Changes);
        var pauses = commit.Pause && found.State.Status is ShimProtocol.ContainerStatus.Running;
        if (pauses)
            await PauseAsync(found.Id, cancellation).ConfigureAwait(false);
        try
        {
            var changes = ContainerChanges.Of(found, _store.Paths, cancellation);
            var id = await _images.Value.CommitAsync(new ImageCommit
            {
                Base = image,
                Execution = execution,
                WriteLayer = changes.Count > 0 ? output => WriteChanges(found, changes, output, cancellation) : null,
                Name = name,
                Author = commit.Author,
                Comment = commit.Comment,
                CreatedBy = string.Join(' ', found.Record.Config.Cmd ?? []),
                Created = _options.Time.GetUtcNow(),
            }, cancellation).ConfigureAwait(false);
            _happenings.Container(found.Record, "commit", "comment", commit.Comment ?? "");
            return id.ToString();
        }
        finally
        {
            if (pauses)
                await ResumeAsync(found.Id).ConfigureAwait(false);
        }
    }

    private async Task ResumeAsync(string id)
    {
        try
        {
            await UnpauseAsync(id).ConfigureAwait(false);
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
        {
            // Somebody has stopped, resumed or removed it meanwhile: what they wanted holds.
        }
    }

    private static void WriteChanges(Running.Container found, IReadOnlyList<FilesystemChange> changes, Stream output, CancellationToken cancellation)
    {
        var paths = changes.Select(static change => change.Path[1..]).ToHashSet(StringComparer.Ordinal);
        LayerWriter.Write(found.Paths.Upper, paths.Contains, output, cancellation);
    }
}
