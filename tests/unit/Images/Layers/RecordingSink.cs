using System.Text;
using Vitrine.Images.Layers;
using Vitrine.Images.Tar;

namespace Vitrine.Tests.Unit.Images.Layers;

/// <summary>Writes down what a layer would become, one line for each call.</summary>
internal sealed class RecordingSink : ILayerSink
{
    public List<string> Calls { get; } = [];

    public void AddDirectory(LayerPath path, TarEntry entry) => Calls.Add($"dir {Text(path)}");

    public void StartFile(LayerPath path, TarEntry entry) => Calls.Add($"file {Text(path)} ");

    public void WriteFile(ReadOnlySpan<byte> data, long offset) => Calls[^1] += Encoding.UTF8.GetString(data);

    public void FinishFile(LayerPath path, TarEntry entry) => Calls[^1] += $" ({entry.Size})";

    public void AddSymlink(LayerPath path, TarEntry entry) => Calls.Add($"symlink {Text(path)} -> {Encoding.UTF8.GetString(entry.LinkPath)}");

    public void AddHardLink(LayerPath path, LayerPath target) => Calls.Add($"link {Text(path)} -> {Text(target)}");

    public void AddNode(LayerPath path, TarEntry entry) => Calls.Add($"node {Text(path)}");

    public void AddWhiteout(LayerPath path) => Calls.Add($"whiteout {Text(path)}");

    public void MakeOpaque(LayerPath directory) => Calls.Add($"opaque {Text(directory)}");

    public void Finish() => Calls.Add("end");

    private static string Text(LayerPath path) => Encoding.UTF8.GetString(path.Whole);
}
