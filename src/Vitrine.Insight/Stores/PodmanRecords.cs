using System.Text;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>
/// The list of containers that containers/storage keeps for Podman, CRI-O and Buildah: DRIVER-containers/containers.json below
/// its graph root, and volatile-containers.json for those that go at the end (<c>--rm</c>).
/// </summary>
internal sealed class PodmanRecords
{
    private static readonly string[] Lists = ["containers.json", "volatile-containers.json"];

    private readonly Dictionary<string, ContainerRecord> byId = [];

    public ContainerRecord? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>Reads the lists of a directory; empty where there are none.</summary>
    public static PodmanRecords Read(StoreFiles files, string directory)
    {
        var records = new PodmanRecords();
        foreach (var list in Lists)
        {
            foreach (var (id, record) in files.Read($"{directory}/{list}", utf8 => new JsonCursor(utf8).List(ReadEntry)) ?? [])
                records.byId.TryAdd(id, record);
        }

        return records;
    }

    /// <summary>The directory of the lists, from a container's bundle in it: DIRECTORY/ID/userdata.</summary>
    public static string? DirectoryOf(string? bundle) =>
        bundle is not null && bundle.EndsWith("/userdata", StringComparison.Ordinal) ? Path.GetDirectoryName(Path.GetDirectoryName(bundle)) : null;

    private static (string Id, ContainerRecord Record) ReadEntry(ref JsonCursor json)
    {
        var (id, record) = ("", new ContainerRecord());
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "id": id = json.Text(); break;
                case "names": record = record with { Name = json.Texts() is [var first, ..] ? first : null }; break;
                case "image": record = record with { ImageId = json.Text() is { Length: > 0 } image ? image : null }; break;
                case "metadata": record = ReadMetadata(json.Text(), record); break;
                default: json.Skip(); break;
            }
        }

        return (id, record);
    }

    /// <summary>A document in a string: what the engine itself adds.</summary>
    private static ContainerRecord ReadMetadata(string text, ContainerRecord record)
    {
        if (text.Length == 0)
            return record;
        var json = new JsonCursor(Encoding.UTF8.GetBytes(text));
        json.Begin();
        while (json.Next(out var field))
        {
            if (field == "image-name")
                record = record with { Image = json.Text() };
            else
                json.Skip();
        }

        return record;
    }
}
