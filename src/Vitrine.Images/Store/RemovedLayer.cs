using Vitrine.Images.Layers;
using Vitrine.Linux;
using Vitrine.Oci;

namespace Vitrine.Images.Store;

/// <summary>
/// A layer that is no longer to be found under its name but not yet deleted: that may take seconds, for which nobody should have to
/// wait. Its name is that of a half-unpacked layer, so that a crash now is repaired as a crash then.
/// </summary>
internal sealed record RemovedLayer(Digest ChainId, string Directory)
{
    public static RemovedLayer Take(LayerStore layers, Digest chainId)
    {
        var directory = Path.GetDirectoryName(layers.DiffDirectory(chainId))!;
        var aside = Path.Combine(Path.GetDirectoryName(directory)!, $"{AtomicFile.TemporaryMark}{Entropy.NewId()[..16]}");
        System.IO.Directory.Move(directory, aside);
        return new RemovedLayer(chainId, aside);
    }

    public void Delete() => FileTree.Delete(Directory);
}
