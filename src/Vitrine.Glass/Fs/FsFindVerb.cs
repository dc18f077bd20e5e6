using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Insight.Files;
using Vitrine.Insight.Json;
using Vitrine.Linux;

namespace Vitrine.Glass.Fs;

/// <summary><c>vitrine fs find</c></summary>
internal sealed class FsFindVerb : GlassVerb
{
    private const uint SetUser = 0b100_000_000_000;
    private const uint SetGroup = 0b010_000_000_000;
    private const uint WritableByAll = 0b000_000_000_010;

    private readonly ValueFlag<string> _name;
    private readonly ListFlag<FileKind> _types;
    private readonly ValueFlag<long?> _larger;
    private readonly ValueFlag<long?> _smaller;
    private readonly ValueFlag<string> _newer;
    private readonly ValueFlag<string> _older;
    private readonly ValueFlag<uint?> _permissions;
    private readonly ValueFlag<long?> _user;
    private readonly ValueFlag<long?> _group;
    private readonly BoolFlag _setuid;
    private readonly BoolFlag _writable;
    private readonly BoolFlag _long;
    private readonly BoolFlag _json;

    public FsFindVerb()
    {
        _name = Flags.Text("name", "Names like this: * and ? stand for any characters, [a-z] for one of some");
        _types = Flags.Add(new ListFlag<FileKind>("type", Flag.None, "f|d|l|c|b|p|s", "Only files, directories, links, devices, fifos, sockets", Kind));
        _larger = Flags.Add(new ValueFlag<long?>("larger", Flag.None, "bytes", "Files of more bytes: 10m", text => ByteSize.Parse(text)));
        _smaller = Flags.Add(new ValueFlag<long?>("smaller", Flag.None, "bytes", "Files of fewer bytes", text => ByteSize.Parse(text)));
        _newer = Flags.Text("newer", "Modified since: 1h30m ago, or 2026-11-30T12:00");
        _older = Flags.Text("older", "Not modified since");
        _permissions = Flags.Add(new ValueFlag<uint?>("perm", Flag.None, "octal", "All of these permission bits: 4000", Octal));
        _user = Flags.Integer("user", "Owned by this user id inside");
        _group = Flags.Integer("group", "Owned by this group id inside");
        _setuid = Flags.Bool("setuid", "Only what runs with its owner's or group's rights");
        _writable = Flags.Bool("world-writable", "Only what everybody may write to");
        _long = Flags.Bool("long", 'l', "Permissions, owner, size and time too");
        _json = JsonFlag("forensics");
    }

    /// <summary>As grep has it: 1 is that nothing was found.</summary>
    public override int FailureCode => 2;

    public override string Usage => "[OPTIONS] CONTAINER|PID[:PATH]";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.Container;

    public override string Details =>
        "Everything that is asked must hold. Links are not followed; what the kernel fills (/proc, /sys) is not entered.\n"
        + "Exits with 0 where something was found, with 1 where nothing was.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var (container, path) = FsPlace.Split(arguments[0]);
        using var root = FsPlace.Open(context, container);
        using var directory = root.Open(path, OpenFlags.Directory);
        var query = Query(context, root);
        var found = new List<FileItem>();
        new FileWalk(root.KernelDevices(), item => Take(context, root, query, item, found), (place, error) => context.Screen.WriteError($"{place}: {error.Describe()}")).Run(directory, path);
        if (_json.Value)
            context.Print(JsonText.Array(found, (json, item) => FileText.Write(json, root, item)));
        return Task.FromResult(found.Count > 0 ? 0 : 1);
    }

    private void Take(CommandContext context, ContainerRoot root, FileQuery query, FileItem item, List<FileItem> found)
    {
        if (!query.Matches(item))
            return;
        found.Add(item);
        if (!_json.Value)
            context.Print(VisibleText.Of(_long.Value ? FileText.Long(root, item, item.Path) : item.Path));
    }

    private FileQuery Query(CommandContext context, ContainerRoot root) => new()
    {
        Name = string.IsNullOrEmpty(_name.Value) ? null : _name.Value,
        Kinds = _types.Values,
        LargerThan = _larger.Value,
        SmallerThan = _smaller.Value,
        ModifiedAfter = MomentSyntax.Parse(_newer.Value, "newer", context.Time)?.ToUnixTimeSeconds(),
        ModifiedBefore = MomentSyntax.Parse(_older.Value, "older", context.Time)?.ToUnixTimeSeconds(),
        AnyPermission = _setuid.Value ? SetUser | SetGroup : null,
        AllPermissions = _permissions.Value is { } bits ? bits | (_writable.Value ? WritableByAll : 0) : _writable.Value ? WritableByAll : null,
        User = OnHost(root.UserMap, _user.Value, "user"),
        Group = OnHost(root.GroupMap, _group.Value, "group"),
    };

    private static uint? OnHost(IReadOnlyList<Vitrine.Linux.Proc.IdRange> map, long? id, string what)
    {
        if (id is not { } number)
            return null;
        foreach (var range in map)
        {
            if (number >= range.Inside && number - range.Inside < range.Count)
                return (uint)(range.Outside + (number - range.Inside));
        }

        return map.Count == 0 && number is >= 0 and <= uint.MaxValue ? (uint)number : throw new VitrineException(ErrorKind.Invalid, $"{what} {number} is not mapped into the container");
    }

    private static FileKind Kind(string letter) => letter switch
    {
        "f" => FileKind.Regular,
        "d" => FileKind.Directory,
        "l" => FileKind.Symlink,
        "c" => FileKind.CharacterDevice,
        "b" => FileKind.BlockDevice,
        "p" => FileKind.Fifo,
        "s" => FileKind.Socket,
        _ => throw new FlagValueException($"unknown type '{letter}': f, d, l, c, b, p or s"),
    };

    private static uint? Octal(string text)
    {
        var bits = 0u;
        foreach (var digit in text)
        {
            if (digit is < '0' or > '7' || bits > 0xFFF)
                throw new FlagValueException($"invalid permissions: '{text}'");
            bits = (bits << 3) | (uint)(digit - '0');
        }

        return text.Length > 0 && bits <= 0xFFF ? bits : throw new FlagValueException($"invalid permissions: '{text}'");
    }
}
