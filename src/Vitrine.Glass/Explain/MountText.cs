using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>Mounts: what comes from the host one by one, what is of the kernel in short.</summary>
internal static class MountText
{
    private static readonly MountClass[] OneByOne = [MountClass.Bind, MountClass.Volume, MountClass.EngineFile, MountClass.Tmpfs, MountClass.Other];
    private static readonly MountClass[] Gathered = [MountClass.Kernel, MountClass.Device, MountClass.Masked, MountClass.ReadOnlyPath];

    public static void Write(Paper paper, MountSection section)
    {
        var rows = OneByOne.SelectMany(kind => section.Mounts.Where(mount => mount.Class == kind)).Select(Row).ToList();
        paper.Table(["KIND", "INSIDE", "MODE", "FROM"], rows);
        foreach (var kind in Gathered)
        {
            var places = section.Mounts.Where(mount => mount.Class == kind).Select(Place).ToList();
            if (places.Count > 0)
                paper.Labelled(new Cell(Name(kind), Ink.Accent), 11, new Cell(string.Join(", ", places)));
        }
    }

    private static Cell[] Row(MountFact mount) =>
    [
        new(Name(mount.Class), mount.Class == MountClass.Bind ? Ink.Caution : Ink.Accent),
        mount.Destination,
        mount.ReadOnly ? "ro" : "rw",
        From(mount),
    ];

    private static string From(MountFact mount)
    {
        var source = mount.Class switch
        {
            MountClass.Tmpfs => $"memory ({string.Join(',', mount.Options.Where(option => option.StartsWith("no", StringComparison.Ordinal)))})",
            MountClass.Volume => $"volume {mount.Volume}: {mount.Source}",
            MountClass.Other => $"{mount.FileSystem} {mount.Source}",
            _ => mount.Source ?? mount.FileSystem,
        };
        return mount.Propagation == "private" ? source.Replace(" ()", "", StringComparison.Ordinal) : $"{source} ({mount.Propagation})";
    }

    private static string Place(MountFact mount) =>
        mount is { Class: MountClass.Kernel, ReadOnly: true } ? $"{mount.Destination} (ro)" : mount.Destination;

    private static string Name(MountClass kind) => kind switch
    {
        MountClass.ReadOnlyPath => "read-only",
        MountClass.EngineFile => "engine file",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
