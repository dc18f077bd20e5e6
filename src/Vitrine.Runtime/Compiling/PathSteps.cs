using Vitrine.Linux;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>Paths that the container may not read or not write.</summary>
internal static class PathSteps
{
    private const int NullDevice = 1 << 8 | 3;

    /// <summary>Puts the host's /dev/null over files and one empty read-only directory over directories; what is not there is left out.</summary>
    /// <param name="b">The program.</param>
    /// <param name="paths">The paths, as the container sees them.</param>
    /// <param name="root">The container's root.</param>
    /// <param name="empty">The empty directory, see <see cref="RootfsSteps.Mount"/>.</param>
    /// <remarks>The host's node, opened by the host's path: a container's own could be something else by now (CVE-2025-31133).</remarks>
    public static void Mask(ProgramBuilder b, IReadOnlyList<string> paths, Register root, Register empty)
    {
        foreach (var path in paths)
            MaskOne(b, path, root, empty);
    }

    /// <summary>Makes each path a read-only mount of itself; what is not there is left out.</summary>
    public static void MakeReadOnly(ProgramBuilder b, IReadOnlyList<string> paths, Register root)
    {
        foreach (var path in paths)
        {
            var next = b.NewLabel();
            b.Step("make read-only", path);
            var target = b.OpenIn(ErrorPolicy.Goto(next, Errno.ENOENT), root, SpecPath.Inside(path), O_PATH | O_CLOEXEC);
            var tree = b.CloneTree(target, recursive: true);
            b.SetAttributes(tree, new MountAttr { attr_set = MountAttributes.ReadOnly }, recursive: true);
            b.Attach(tree, target);
            b.Mark(next);
        }
    }

    private static void MaskOne(ProgramBuilder b, string path, Register root, Register empty)
    {
        var (file, next) = (b.NewLabel(), b.NewLabel());
        var clean = SpecPath.Inside(path);
        b.Step("mask", path);
        var directory = b.OpenIn(ErrorPolicy.Goto(file, Errno.ENOENT, Errno.ENOTDIR), root, clean, O_PATH | O_CLOEXEC | O_DIRECTORY);
        b.Attach(b.CloneTree(empty, recursive: false), directory);
        b.Branch(Operation.Jump, next);
        b.Mark(file);
        var target = b.OpenIn(ErrorPolicy.Goto(next, Errno.ENOENT), root, clean, O_PATH | O_CLOEXEC);
        var none = b.CloneTree("/dev/null", recursive: false);
        b.Do(Operation.CheckNode, none, b.Empty, S_IFCHR, NullDevice);
        b.Attach(none, target);
        b.Mark(next);
    }
}
