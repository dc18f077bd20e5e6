using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Files;
using Vitrine.Insight.Json;
using Vitrine.Linux;

namespace Vitrine.Glass.Fs;

/// <summary><c>vitrine fs ls</c></summary>
internal sealed class FsLsVerb : GlassVerb
{
    private readonly BoolFlag _all;
    private readonly BoolFlag _long;
    private readonly BoolFlag _recursive;
    private readonly BoolFlag _json;

    public FsLsVerb()
    {
        _all = Flags.Bool("all", 'a', "Also names that begin with a dot");
        _long = Flags.Bool("long", 'l', "Permissions, owner, size and time too");
        _recursive = Flags.Bool("recursive", 'R', "Also what is in the directories below; what the kernel fills (/proc, /sys) is not entered");
        _json = JsonFlag("forensics");
    }

    public override string Usage => "[OPTIONS] CONTAINER|PID[:PATH]";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.Container;

    public override string Details =>
        "Needs no tool in the container, and no engine: PATH is looked up from outside, in its root.\n"
        + "Owners are numbered as the container has them, times are UTC.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var (container, path) = FsPlace.Split(arguments[0]);
        using var root = FsPlace.Open(context, container);
        var (items, missed) = List(root, path);
        if (!_all.Value)
            items.RemoveAll(item => IsHidden(item, path));
        if (_json.Value)
            context.Print(JsonText.Array(items, (json, item) => FileText.Write(json, root, item)));
        else
            items.ForEach(item => context.Print(VisibleText.Of(Line(root, item, path))));
        missed.ForEach(context.Screen.WriteError);
        return Task.FromResult(missed.Count == 0 ? 0 : 1);
    }

    private (List<FileItem> Items, List<string> Missed) List(ContainerRoot root, string path)
    {
        var items = new List<FileItem>();
        var missed = new List<string>();
        var error = root.TryOpen(path, OpenFlags.Directory, out var directory);
        if (error is Errno.ENOTDIR or Errno.ENOENT or Errno.ELOOP)
        {
            // No directory, or a link that leads nowhere: then it is the name itself.
            var (parent, name) = root.OpenParent(path);
            using (parent)
                items.Add(FileWalk.Look(parent, name, path) ?? throw new LinuxException("open", path, Errno.ENOENT));
            return (items, missed);
        }

        using (directory ??= root.Open(path, OpenFlags.Directory))
        {
            var walk = new FileWalk(root.KernelDevices(), items.Add, (place, error) => missed.Add($"{place}: {error.Describe()}"), _ => _recursive.Value);
            walk.Run(directory, path);
        }

        return (items, missed);
    }

    private string Line(ContainerRoot root, FileItem item, string path)
    {
        var name = _recursive.Value || !item.Path.StartsWith(Prefix(path), StringComparison.Ordinal) ? item.Path : item.Name;
        return _long.Value ? FileText.Long(root, item, name) : name;
    }

    /// <summary>Whether a name from the directory on begins with a dot; what was asked for by its own name is not hidden.</summary>
    private static bool IsHidden(FileItem item, string path) =>
        item.Path.StartsWith(Prefix(path), StringComparison.Ordinal) && item.Path[Prefix(path).Length..].Split('/').Any(part => part.StartsWith('.'));

    private static string Prefix(string path) => path.TrimEnd('/') + "/";
}
