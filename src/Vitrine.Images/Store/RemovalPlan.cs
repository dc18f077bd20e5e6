using Vitrine.Oci;

namespace Vitrine.Images.Store;

/// <summary>
/// Docker's rules for removing an image: what of it goes, or why nothing may. Names are taken away one by one; the image goes
/// with its last one, unless a container stands on it.
/// </summary>
internal sealed class RemovalPlan
{
    private readonly Digest _imageId;
    private readonly bool _force;
    private readonly ImageUse? _running;
    private readonly ImageUse? _stopped;
    private readonly List<ImageReference> _untagged = [];

    private RemovalPlan(Digest imageId, IReadOnlyList<ImageUse> uses, bool force)
    {
        _imageId = imageId;
        _force = force;
        _running = uses.FirstOrDefault(use => use.ImageId == imageId && use.IsRunning);
        _stopped = uses.FirstOrDefault(use => use.ImageId == imageId && !use.IsRunning);
    }

    /// <summary>The names to take away, in docker's order.</summary>
    public IReadOnlyList<ImageReference> Untagged => _untagged;

    /// <summary>Whether the image itself goes.</summary>
    public bool DeletesImage { get; private set; }

    /// <summary>Plans the removal of what the user called <paramref name="text"/>.</summary>
    /// <param name="text">The name or id given.</param>
    /// <param name="imageId">The image it leads to.</param>
    /// <param name="names">All names of that image.</param>
    /// <param name="uses">All containers.</param>
    /// <param name="force">Whether stopped containers and several names do not matter.</param>
    /// <exception cref="VitrineException">Conflict, in docker's words.</exception>
    public static RemovalPlan Make(
        string text, Digest imageId, IReadOnlyList<ImageReference> names, IReadOnlyList<ImageUse> uses, bool force)
    {
        var plan = new RemovalPlan(imageId, uses, force);
        if (IsId(text, imageId))
            plan.PlanById(names);
        else
            plan.PlanByName(text, names);
        return plan;
    }

    private void PlanByName(string text, IReadOnlyList<ImageReference> names)
    {
        if (!_force && IsSingle(names) && (_running ?? _stopped) is { } user)
        {
            throw new VitrineException(ErrorKind.Conflict,
                $"conflict: unable to remove repository reference \"{text}\" (must force) - "
                + $"container {ShortId(user)} is using its referenced image {_imageId.Short}");
        }

        var given = ImageReference.Parse(text);
        var name = given.Digest is { } digest ? given.WithDigest(digest) : given.WithDefaultTag();
        var rest = names.Where(other => other != name).ToList();
        _untagged.Add(name);

        // Once no tag of a repository is left, the digests it was pulled by are of no use.
        if (name.Tag is not null && !rest.Exists(other => other.Tag is not null && other.Repository == name.Repository))
        {
            _untagged.AddRange(rest.Where(other => other.Repository == name.Repository));
            rest.RemoveAll(other => other.Repository == name.Repository);
        }

        if (rest.Count == 0)
            PlanDeletion();
    }

    private void PlanById(IReadOnlyList<ImageReference> names)
    {
        if (!_force && !IsSingle(names))
            throw Conflict("must be forced", "image is referenced in multiple repositories");
        _untagged.AddRange(names);
        PlanDeletion();
    }

    private void PlanDeletion()
    {
        if (_running is not null)
            throw Conflict("cannot be forced", $"image is being used by running container {ShortId(_running)}");
        if (_stopped is not null && !_force)
            throw Conflict("must be forced", $"image is being used by stopped container {ShortId(_stopped)}");
        DeletesImage = true;
    }

    /// <summary>At most one tag, and digests of the same repository only.</summary>
    private static bool IsSingle(IReadOnlyList<ImageReference> names) =>
        names.Count(static name => name.Tag is not null) <= 1 && names.Select(static name => name.Repository).Distinct().Count() <= 1;

    private static bool IsId(string text, Digest imageId) =>
        imageId.ToString().StartsWith(text, StringComparison.Ordinal) || imageId.Hex.StartsWith(text, StringComparison.Ordinal);

    private static string ShortId(ImageUse use) => use.ContainerId[..Math.Min(12, use.ContainerId.Length)];

    private VitrineException Conflict(string force, string reason) =>
        new(ErrorKind.Conflict, $"conflict: unable to delete {_imageId.Short} ({force}) - {reason}");
}
