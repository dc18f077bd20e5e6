namespace Vitrine.Images.Store;

/// <summary>Where things are in <c>images</c>, an OCI image layout with a few files of our own beside it.</summary>
internal sealed class StorePaths(string dataRoot)
{
    public string Root { get; } = Path.Combine(dataRoot, "images");

    /// <summary>The layout's marker file; its presence says that the store is set up.</summary>
    public string Layout => Path.Combine(Root, "oci-layout");

    /// <summary>The names and what they lead to.</summary>
    public string Index => Path.Combine(Root, "index.json");

    public string Blobs => Path.Combine(Root, "blobs");

    /// <summary>Blobs that are being written, each locked by its writer.</summary>
    public string Ingest => Path.Combine(Root, "ingest");

    /// <summary>Shared: an image must not go away now. Exclusive: names change.</summary>
    public string IndexLock => Path.Combine(Root, "index.lock");

    /// <summary>Shared: content is coming in that nothing refers to yet. Exclusive: unreferenced content is deleted.</summary>
    public string ContentLock => Path.Combine(Root, "content.lock");

    /// <summary>There while content may exist that nothing refers to: the next process that finds the store idle collects it.</summary>
    public string GarbageMarker => Path.Combine(Root, "garbage");
}
