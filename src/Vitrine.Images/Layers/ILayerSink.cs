using Vitrine.Images.Tar;

namespace Vitrine.Images.Layers;

/// <summary>Where the files of a layer go. Paths are clean (<see cref="LayerPath"/>) and never the root.</summary>
internal interface ILayerSink
{
    void AddDirectory(LayerPath path, TarEntry entry);

    /// <summary>Makes a file whose content then comes by <see cref="WriteFile"/>, until <see cref="FinishFile"/>.</summary>
    void StartFile(LayerPath path, TarEntry entry);

    void WriteFile(ReadOnlySpan<byte> data, long offset);

    void FinishFile(LayerPath path, TarEntry entry);

    void AddSymlink(LayerPath path, TarEntry entry);

    void AddHardLink(LayerPath path, LayerPath target);

    void AddNode(LayerPath path, TarEntry entry);

    /// <summary>Hides what lower layers have under this name.</summary>
    void AddWhiteout(LayerPath path);

    /// <summary>Hides all that lower layers have in this directory (<paramref name="directory"/> may be the root).</summary>
    void MakeOpaque(LayerPath directory);

    /// <summary>After the last entry.</summary>
    void Finish();
}
