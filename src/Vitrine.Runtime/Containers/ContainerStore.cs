namespace Vitrine.Runtime.Containers;

/// <summary>All containers of one root: a directory each.</summary>
/// <param name="root">Absolute path of the root.</param>
public sealed class ContainerStore(string root)
{
    private const int LongestId = 255;

    public string Root => root;

    /// <summary>Claims an id.</summary>
    /// <exception cref="VitrineException">It is malformed or taken.</exception>
    public ContainerDirectory Claim(string id)
    {
        var directory = Of(id);
        return directory.TryMake(root) ? directory : throw Taken();
    }

    /// <summary>Whether an id could be claimed now; asked before anything else is looked at.</summary>
    /// <exception cref="VitrineException">It is malformed or taken.</exception>
    public void DemandFree(string id)
    {
        if (Of(id).Exists)
            throw Taken();
    }

    private static VitrineException Taken() => new(ErrorKind.Conflict, "container with given ID already exists");

    /// <summary>The directory of an id, which need not exist.</summary>
    /// <exception cref="VitrineException">The id is malformed.</exception>
    public ContainerDirectory Of(string id)
    {
        var fits = id.Length is > 0 and <= LongestId && id is not ("." or "..");
        foreach (var c in id)
            fits &= char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '.';
        return fits ? new ContainerDirectory($"{root}/{id}") : throw new VitrineException(ErrorKind.Invalid, $"invalid container ID format: \"{id}\"");
    }

    /// <summary>A container that was created, or is being.</summary>
    /// <exception cref="VitrineException">There is none; the words are runc's, which its callers look for.</exception>
    public Container Find(string id)
    {
        var directory = Of(id);
        return directory.ReadRecord() is { } record
            ? new Container(directory, record)
            : throw new VitrineException(ErrorKind.NotFound, "container does not exist");
    }

    /// <summary>All of them, by id; those whose creation has only begun are left out.</summary>
    public IEnumerable<Container> List()
    {
        if (!Directory.Exists(root))
            yield break;
        var paths = Directory.GetDirectories(root);
        Array.Sort(paths, StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var directory = new ContainerDirectory(path);
            if (directory.ReadRecord() is { } record)
                yield return new Container(directory, record);
        }
    }
}
