using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Host;
using Vitrine.Linux;

namespace Vitrine.Glass.Namespaces;

/// <summary>The options of <c>ns run</c> that map ids into a new user namespace.</summary>
internal sealed class MapFlags
{
    private const string AutoRange = "auto";

    private static readonly AccountNames s_accounts = new();

    private readonly BoolFlag _root;
    private readonly BoolFlag _current;
    private readonly BoolFlag _auto;
    private readonly ValueFlag<uint?> _user;
    private readonly ValueFlag<uint?> _group;
    private readonly ListFlag<MappedRange?> _users;
    private readonly ListFlag<MappedRange?> _groups;
    private readonly ValueFlag<string> _setGroups;

    public MapFlags(FlagSet flags)
    {
        _root = flags.Bool("map-root-user", 'r', "Be root inside (implies --user)");
        _current = flags.Bool("map-current-user", 'c', "Have the own ids inside (implies --user)");
        _user = flags.Add(new ValueFlag<uint?>("map-user", Flag.None, "user", "The caller's user is this one inside (implies --user)", User));
        _group = flags.Add(new ValueFlag<uint?>("map-group", Flag.None, "group", "The caller's group is this one inside (implies --user)", Group));
        _users = flags.Add(new ListFlag<MappedRange?>("map-users", Flag.None, "range", "Map users INNER:OUTER:COUNT (implies --user)", Range));
        _groups = flags.Add(new ListFlag<MappedRange?>("map-groups", Flag.None, "range", "Map groups INNER:OUTER:COUNT (implies --user)", Range));
        _auto = flags.Bool("map-auto", "Map the caller's ranges of /etc/subuid and /etc/subgid from 0 on (implies --user)");
        _setGroups = flags.Add(new ValueFlag<string>("setgroups", Flag.None, "allow|deny", "Whether setgroups(2) works inside", SetGroups));
    }

    /// <summary>Whether any of them asks for a user namespace.</summary>
    public bool AreGiven => _root.Value || _current.Value || _auto.Value || _user.IsSet || _group.IsSet || _users.IsSet || _groups.IsSet;

    /// <summary>The request with the maps in it.</summary>
    /// <exception cref="VitrineException">The options contradict each other, or a range is not there.</exception>
    public NamespaceRequest Apply(NamespaceRequest request)
    {
        if (_root.Value && _current.Value)
            throw new VitrineException(ErrorKind.Invalid, "--map-root-user and --map-current-user contradict each other");
        var (uid, gid) = (ThisProcess.UserId, ThisProcess.GroupId);
        var user = Single(_user, uid);
        var group = Single(_group, gid);
        if (group is not null && !_auto.Value && !_groups.IsSet && _setGroups.Value == "allow")
            throw new VitrineException(ErrorKind.Invalid, "--setgroups allow and a mapped group contradict each other: map groups with --map-groups");
        return request with
        {
            UidMap = Map(user, uid, _users, "/etc/subuid"),
            GidMap = Map(group, gid, _groups, "/etc/subgid"),
            // With ranges of groups somebody has given the right to them.
            SetGroups = _setGroups.Value ?? (group is null || _auto.Value || _groups.IsSet ? null : "deny"),
        };
    }

    private uint? Single(ValueFlag<uint?> given, uint own) =>
        given.Value ?? (_root.Value ? 0 : _current.Value ? own : (uint?)null);

    private string Map(uint? single, uint own, ListFlag<MappedRange?> ranges, string file)
    {
        var list = new List<MappedRange>();
        if (_auto.Value || ranges.Values.Contains(null))
            list.Add(SubordinateIds.First(file, ThisProcess.UserId, s_accounts.User(ThisProcess.UserId)));
        list.AddRange(ranges.Values.OfType<MappedRange>());
        return IdMapBuilder.Build(single, own, list);
    }

    private static uint? User(string text) => s_accounts.UserId(text) ?? throw new FlagValueException($"no user {text}");

    private static uint? Group(string text) => s_accounts.GroupId(text) ?? throw new FlagValueException($"no group {text}");

    private static MappedRange? Range(string text) => text == AutoRange ? null : MappedRange.Parse(text);

    private static string SetGroups(string text) => text is "allow" or "deny" ? text : throw new FlagValueException("not allow or deny");
}
