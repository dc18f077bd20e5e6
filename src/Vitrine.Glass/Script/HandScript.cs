using System.Globalization;
using Vitrine.Insight.ByHand;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Script;

/// <summary>
/// Writes a container as a shell script that makes it of the host's ordinary tools: unshare, mount, pivot_root, ip, echo to
/// control groups, setpriv. Three programs in one: the host's side, which has the host's rights all along; what the new process
/// does first, when nobody has given it its ids yet; and what it does then, from mounts to the command.
/// </summary>
internal sealed class HandScript(HandPlan plan)
{
    private readonly ScriptText _script = new();

    private bool HasUser => plan.Made.Contains(NamespaceKind.User);

    private bool HasNetwork => plan.Made.Contains(NamespaceKind.Network);

    /// <summary>The whole script.</summary>
    public string Write()
    {
        Head();
        Secrets();
        OwnMounts();
        Root();
        Groups();
        // What runs inside stands where it is started from, so that the script reads in the order of what happens.
        Inside();
        Start();
        Tools();
        Finish();
        return _script.ToString();
    }

    private void Head()
    {
        _script.Line("#!/bin/sh");
        _script.Comment($"{plan.Name} by hand: what process {plan.Pid} of this host is, made again with nothing but ordinary tools.");
        _script.Comment("Keep it in a file and run it as root: sh FILE. It ends with the command, and takes away all that it made.");
        foreach (var missing in plan.Missing)
            _script.Comment($"NOT MADE: {missing}");
        _script.Line("set -eu");
        _script.Line("[ \"$(id -u)\" = 0 ] || { echo \"by hand: this takes root\" >&2; exit 1; }");
        _script.Line("[ -f \"$0\" ] || { echo \"by hand: keep the script in a file, and run that\" >&2; exit 1; }");
    }

    private void Secrets()
    {
        var secrets = plan.Process.Environment.Concat(plan.Process.Arguments).Select(word => word.Secret).OfType<string>().Distinct().ToList();
        if (secrets.Count == 0)
            return;
        _script.Step("Secrets are not written down here: give them in these variables (or write the script with --reveal).");
        foreach (var secret in secrets)
            _script.Line($"export {secret}=\"${{{secret}-REPLACE-ME}}\"");
    }

    private void OwnMounts()
    {
        _script.Step("A mount namespace for the script itself: whatever it mounts is gone when it ends, and nobody else sees it.");
        _script.Line("[ \"${BY_HAND-}\" ] || BY_HAND=$$ exec unshare --mount --propagation slave sh \"$0\" \"$@\"");
        _script.Line("WORK=$(realpath \"$(mktemp -d)\"); chmod 711 \"$WORK\"");
        _script.Line("mkfifo \"$WORK/from\" \"$WORK/to\"");
        _script.Line("""
            clean() {
                trap - EXIT
                [ -z "${PID-}" ] || kill -KILL "$PID" 2>/dev/null || :
                wait || :
                for group in ${MADE-}; do
                    for tries in 1 2 3 4 5 6 7 8 9; do
                        while read -r left; do kill -KILL "$left" 2>/dev/null || :; done <"$group/cgroup.procs" || :
                        rmdir "$group" 2>/dev/null && break || sleep 0.2
                    done
                done
                umount -l "$WORK/root" "$WORK/tools" 2>/dev/null || :
                rm -f "$WORK/from" "$WORK/to"
                rmdir "$WORK/root" "$WORK/tools" 2>/dev/null || :
                rm -rf --one-file-system "$WORK/upper" "$WORK/scratch"
                rmdir "$WORK" || :
            }
            trap clean EXIT
            trap 'exit 143' INT TERM HUP
            """);
    }

    private void Root()
    {
        if (plan.Root.IsHost)
            return;
        _script.Line("mkdir \"$WORK/root\" \"$WORK/tools\" \"$WORK/upper\" \"$WORK/scratch\"");
        _script.Line("export ROOT=\"$WORK/root\" TOOLS=\"$WORK/tools\"");
        if (plan.Root.Directory is { } directory)
        {
            _script.Step("The root filesystem is a directory of the host. Bound to a place of its own it is a mount, which pivot_root asks for.");
            _script.Line($"mount --bind {ShellText.Quote(directory)} \"$ROOT\"");
        }
        else
        {
            _script.Step("The root filesystem: the image's layers over each other, read-only, and an empty directory on top that takes what is written.");
            Overlay();
        }

        MountPoints();
    }

    /// <summary>The options of a mount may be a page long: where there are many layers, they are named from the directory that has them all, as engines do.</summary>
    private void Overlay()
    {
        const int LongestList = 3000;
        const string Mount = "mount -t overlay -o \"lowerdir=$LAYERS,upperdir=$WORK/upper,workdir=$WORK/scratch\" overlay \"$ROOT\"";
        var layers = plan.Root.Layers;
        var isLong = layers.Sum(layer => layer.Length + 1) > LongestList;
        var common = isLong ? Common(layers) : "";
        _script.Line($"LAYERS={string.Join(':', layers.Select(layer => ShellText.Quote(Escape(layer[common.Length..]))))}");
        _script.Line(common.Length == 0 ? Mount : $"( cd {ShellText.Quote(common)} && {Mount} )");
    }

    /// <summary>The directory that all paths are in, with a slash at its end.</summary>
    private static string Common(IReadOnlyList<string> paths)
    {
        var common = paths[0];
        foreach (var path in paths)
        {
            var length = common.AsSpan().CommonPrefixLength(path);
            common = common[..(common[..length].LastIndexOf('/') + 1)];
        }

        return common;
    }

    // mount(8) parts options at commas, overlayfs layers at colons.
    private static string Escape(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);

    private void MountPoints()
    {
        var places = plan.Mounts.Where(mount => mount.Place == HandPlace.OnRoot).ToList();
        var start = plan.Process.Directory;
        if (places.Count == 0 && start == "/")
            return;
        _script.Step("Places to mount on and to start in, where the image has none. A link in the image could lead out of it, so each must be where it seems to be.");
        _script.Line(MountScript.Places);
        foreach (var mount in places)
            _script.Line($"{(mount.IsFile ? "file" : "directory")} {ShellText.Quote(mount.Destination)}");
        if (start != "/")
            _script.Line($"directory {ShellText.Quote(start)}");
    }

    private void Groups()
    {
        if (plan.Groups.Count == 0)
            return;
        _script.Step("Control groups: a directory in each hierarchy, beside the container's. Their limits come at the end, or making the container would count.");
        foreach (var (group, index) in plan.Groups.Select((group, index) => (group, index)))
        {
            var parent = Path.GetDirectoryName(group.Directory)!;
            _script.Line($"G{index}={ShellText.Quote(parent)}/by-hand-$$; mkdir \"$G{index}\"; MADE=\"${{MADE-}} $G{index}\"  {ShellText.Comment(string.Join(' ', group.Controllers))}");
            foreach (var setting in group.Settings.Where(setting => setting.IsEarly))
                _script.Line(Echo(setting, index));
        }
    }

    private static string Echo(HandSetting setting, int group) => $"echo {ShellText.Quote(setting.Value)} >\"$G{group}/{setting.File}\"";

    private void Inside()
    {
        var first = _script.Part();
        first.Step("Inside, first: tell the host's side which process this is, and wait until it has been given what only the host can give.");
        first.Line("set -eu");
        first.Line("read -r pid rest </proc/self/stat");
        first.Line("echo \"$pid\" >&8");
        first.Line("read -r go <&9");
        var group = plan.Made.Contains(NamespaceKind.Cgroup) ? "unshare --cgroup " : "";
        if (group.Length > 0)
            first.Comment("A cgroup namespace is made in the group that shall be its root, so only now.");
        if (HasUser)
            first.Comment("Its ids have a meaning now: become root of the user namespace.");
        var root = HasUser ? $"setpriv --reuid=0 --regid=0 {(plan.Process.Groups is null ? "--keep-groups" : "--clear-groups")} --inh-caps=-all --ambient-caps=-all " : "";
        first.Line($"exec {root}{group}sh -c \"$THEN\"");

        var then = _script.Part();
        new InsideScript(plan, then).Write();
        _script.Line();
        _script.Line($"FIRST={ShellText.Program(first.ToString())}");
        _script.Line();
        _script.Line($"export THEN={ShellText.Program(then.ToString())}");
    }

    private void Start()
    {
        if (plan.Joined.Count > 0)
            _script.Step("Namespaces of others are joined by a process that is in them.");
        var join = string.Concat(plan.Joined.GroupBy(joined => joined.Pid).Select(of => $"nsenter --target {of.Key} {string.Join(' ', of.Select(joined => Option(joined.Kind)))} "));
        _script.Step("New namespaces: each is a view of one kind of kernel object that begins empty, or as a copy. With a new pid namespace the child is process 1.");
        foreach (var kind in plan.Made)
            _script.Comment($"  {NamespaceId.FileName(kind)}: {Meaning(kind)}");
        var made = string.Join(' ', plan.Made.Where(kind => kind is not (NamespaceKind.Cgroup or NamespaceKind.Mount)).Select(Option));
        var mount = plan.Made.Contains(NamespaceKind.Mount) ? "--mount --propagation slave " : "";
        var options = $"{made}{(made.Length > 0 ? " " : "")}{mount}{(HasUser ? "--keep-caps " : "")}{Offsets()}";
        _script.Line("exec 8<>\"$WORK/from\" 9<>\"$WORK/to\" 7<&0");
        _script.Line("answer() { read -r answer <&8; [ \"$answer\" != ended ] || { echo \"by hand: the inside failed\" >&2; exit 1; }; }");
        _script.Line($"{{ code=0; {join}unshare {options}--fork --kill-child sh -c \"$FIRST\" <&7 || code=$?; echo ended >&8; exit \"$code\"; }} &");
        _script.Line("UNSHARE=$!");
        _script.Line("answer; PID=$answer");
    }

    private string Offsets()
    {
        var options = "";
        foreach (var line in plan.TimeOffsets)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [var clock, var seconds, ..] && seconds != "0")
                options += $"--{clock} {ShellText.Quote(seconds)} ";
        }

        return options;
    }

    private static string Option(NamespaceKind kind) => kind == NamespaceKind.Mount ? "--mount" : $"--{NamespaceId.FileName(kind)}";

    private static string Meaning(NamespaceKind kind) => kind switch
    {
        NamespaceKind.User => "ids of its own; root inside is somebody else outside",
        NamespaceKind.Pid => "it sees its own processes only",
        NamespaceKind.Mount => "what it mounts, nobody else sees",
        NamespaceKind.Network => "interfaces, addresses and ports of its own; at first a loopback that is down",
        NamespaceKind.Uts => "a host name of its own",
        NamespaceKind.Ipc => "shared memory and message queues of its own",
        NamespaceKind.Cgroup => "its group looks like the root of them all (made inside, later)",
        _ => "clocks that count from elsewhere",
    };

    /// <summary>What the host's side gives a process that waits: ids, groups, interfaces.</summary>
    private void Tools()
    {
        if (HasUser)
        {
            _script.Step("The id maps, written by root of the host: first id inside, first id outside, how many.");
            _script.Line($"printf {ShellText.Quote(Map(plan.UserMap))} >\"/proc/$PID/uid_map\"");
            if (plan.Process.Groups is null)
                _script.Line("echo deny >\"/proc/$PID/setgroups\"");
            _script.Line($"printf {ShellText.Quote(Map(plan.GroupMap))} >\"/proc/$PID/gid_map\"");
        }

        if (HasUser && Names(plan).ToList() is { Count: > 0 } names)
        {
            _script.Step("Its host name, written from its uts namespace by root of the host, to whom the file belongs.");
            _script.Line($"nsenter --target \"$PID\" --uts sh -c {ShellText.Program(string.Join("; ", names))}");
        }

        if (plan.Groups.Count > 0)
        {
            _script.Step("Into its control groups: from now on it is counted there, with all that it starts.");
            _script.Line("for group in $MADE; do echo \"$PID\" >\"$group/cgroup.procs\"; done");
        }

        if (HasNetwork && plan.Interfaces.Count > 0)
        {
            _script.Step("A pair of interfaces is a cable: one end goes into its network namespace, the other stays here, in the bridge.");
            foreach (var (device, index) in plan.Interfaces.Select((device, index) => (device, index)))
            {
                _script.Line($"ip link add \"vbh$$n{index}\" type veth peer name {ShellText.Quote(device.Name)} netns \"$PID\"");
                if (device.Bridge is { } bridge)
                    _script.Line($"ip link set \"vbh$$n{index}\" master {ShellText.Quote(bridge)}");
                _script.Line($"ip link set \"vbh$$n{index}\" up");
            }
        }

        _script.Line("echo go >&9");
        _script.Line("answer");
    }

    /// <summary>The commands that set the names of the uts namespace that they run in.</summary>
    public static IEnumerable<string> Names(HandPlan plan)
    {
        if (plan.Hostname is { Length: > 0 } name)
            yield return $"echo {ShellText.Quote(name)} >/proc/sys/kernel/hostname";
        if (plan.Domainname is { Length: > 0 } domain)
            yield return $"echo {ShellText.Quote(domain)} >/proc/sys/kernel/domainname";
    }

    private static string Map(IReadOnlyList<IdRange> ranges) =>
        string.Concat(ranges.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.Inside} {range.Outside} {range.Count}\\n")));

    private void Finish()
    {
        Limits();
        if (plan.Limits.Count > 0)
        {
            _script.Step("Limits of the process itself, older than control groups. Raising one takes CAP_SYS_RESOURCE.");
            foreach (var limit in plan.Limits)
                _script.Line($"prlimit --pid \"$PID\" --{ShellText.Quote(limit.Name)}={Value(limit.Soft)}:{Value(limit.Hard)} || echo \"by hand: {limit.Name} stays\" >&2");
        }

        if (plan.Process.OutOfMemoryScore is { } score)
        {
            _script.Step("Whom the kernel kills first when the host runs out of memory: -1000 is never, 1000 is first.");
            _script.Line($"echo {ShellText.Quote(score)} >\"/proc/$PID/oom_score_adj\"");
        }

        _script.Step("All is made: the process becomes the command, and the script waits for its end.");
        _script.Line("echo \"by hand: process $PID of this host\" >&2");
        _script.Line("echo go >&9");
        _script.Line("code=0; wait \"$UNSHARE\" || code=$?");
        _script.Line("exit \"$code\"");
    }

    private void Limits()
    {
        var late = plan.Groups.Select((group, index) => (group, index)).Where(of => of.group.Settings.Any(setting => !setting.IsEarly)).ToList();
        if (late.Count == 0)
            return;
        _script.Step("The limits: a number in a file, in force at once.");
        foreach (var (group, index) in late)
        {
            foreach (var setting in group.Settings.Where(setting => !setting.IsEarly))
                _script.Line(Echo(setting, index));
        }
    }

    private static string Value(ulong? limit) => limit is { } number ? number.ToString(CultureInfo.InvariantCulture) : "unlimited";
}
