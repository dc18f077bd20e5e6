using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Insight.ByHand;
using Vitrine.Insight.Packages;
using Vitrine.Linux;

namespace Vitrine.Insight.Sections;

/// <summary>The program file that runs: which layer of the image it comes from, and which package.</summary>
internal static class ProgramExplainer
{
    private const string DeletedMark = " (deleted)";

    public static ProgramFact? Explain(ExplainContext context, RootSection root, SectionNotes notes)
    {
        if (notes.Read("program", context.Source("exe"), () => context.Proc.Link(context.Pid, "exe")) is not { } link)
            return null;
        var deleted = link.EndsWith(DeletedMark, StringComparison.Ordinal);
        var path = deleted ? link[..^DeletedMark.Length] : link;
        var layer = deleted ? null : root.Layers.FirstOrDefault(layer => Holds(context, layer, path));
        var program = new ProgramFact
        {
            Path = path,
            Deleted = deleted,
            Layer = layer?.Directory,
            Digest = layer?.Digest,
            CreatedBy = layer?.CreatedBy,
            WrittenHere = layer?.Writable,
            Package = root.Kind is RootKind.Host ? null : PackageOf(context, path),
        };
        Note(context, notes, program);
        return program;
    }

    private static void Note(ExplainContext context, SectionNotes notes, ProgramFact program)
    {
        var origin = new List<string>();
        if (program.Package is { } package)
            origin.Add($"package {package}");
        if (program.Layer is { } layer)
            origin.Add(program.WrittenHere == true ? "the writable layer" : $"the image's layer {program.Digest ?? layer}");
        notes.Fact("program", origin.Count > 0 ? $"{program.Path}, of {string.Join(", ", origin)}" : program.Path, context.Source("exe"),
            program.Deleted
                ? "Its file is gone or replaced: what runs is the old one, which exe still leads to."
                : "The file that runs, whatever the process calls itself.");
        if (program.WrittenHere == true)
        {
            notes.Warn(Severity.Medium, "processes.program-written",
                $"{program.Path} runs from the writable layer: it is not the image's, something put it there since the container was made.",
                "look at it with vitrine fs diff; --read-only keeps programs from being left");
        }
        else if (program.Deleted)
        {
            notes.Warn(Severity.Low, "processes.program-deleted",
                $"{program.Path} was deleted while it runs, as an upgrade does, and as what wants to stay unseen does.", $"cp {context.Source("exe")} FILE keeps it for a look");
        }
    }

    private static bool Holds(ExplainContext context, LayerFact layer, string path)
    {
        try
        {
            using var directory = FileAt.OpenDirectory(context.OnHost(layer.Directory));
            return FileAt.TryOpen(directory, Encoding.UTF8.GetBytes(path.TrimStart('/')), OpenFlags.PathOnly | OpenFlags.NoFollow,
                ResolveFlags.Beneath | ResolveFlags.NoSymlinks, 0, out var file) == Errno.None && IsFile(file!);
        }
        catch (LinuxException)
        {
            return false; // A layer that only root may enter: the origin is then not told.
        }
    }

    private static bool IsFile(SafeFileHandle file)
    {
        using (file)
            return FileAt.TryStatus(file, default, out var status) == Errno.None && status.Kind == FileKind.Regular;
    }

    private static string? PackageOf(ExplainContext context, string path)
    {
        using var root = RootFiles.Open(context);
        try
        {
            return root is null ? null : PackageFinder.Find(root, Inside(path, context.Proc.Link(context.Pid, "root")));
        }
        catch (Exception e) when (e is LinuxException or IOException)
        {
            return null; // A filesystem of the container's own making answers a read as it likes, and must not end what looks at it.
        }
    }

    /// <summary>Of a chroot the kernel shows both paths as they are outside of it.</summary>
    private static string Inside(string path, string? root) =>
        root is { Length: > 1 } && path.StartsWith(root + "/", StringComparison.Ordinal) ? path[root.Length..] : path;
}
