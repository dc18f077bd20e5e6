namespace Vitrine.Images;

/// <summary>One step of a pull, load or unpack, with the fields of docker's progress messages.</summary>
/// <param name="Status">What happens, e.g. <c>Downloading</c>, <c>Pull complete</c>.</param>
/// <param name="Id">To what: the short digest of a layer, a tag, or null for the whole.</param>
/// <param name="Current">Bytes done so far, where the step counts bytes.</param>
/// <param name="Total">Bytes in all, where known.</param>
public sealed record ImageProgress(string Status, string? Id = null, long? Current = null, long? Total = null)
{
    /// <summary>The line for an output that is no terminal.</summary>
    public override string ToString() => Id is null ? Status : $"{Id}: {Status}";
}
