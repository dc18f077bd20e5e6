using System.Globalization;
using Vitrine.Insight.ByHand;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Script;

/// <summary>What the new process does in its namespaces: names, network, mounts, the new root, and last the command.</summary>
internal sealed class InsideScript(HandPlan plan, ScriptText script)
{
    private bool IsHost => plan.Root.IsHost;

    public void Write()
    {
        script.Line("set -eu");
        if (IsHost)
            script.Line("ROOT=");
        Names();
        Network();
        Mounts();
        Nodes();
        if (!IsHost)
            Tools();
        script.Step("Wait for the limits, which the host's side sets now that all is made.");
        script.Line("echo made >&8");
        script.Line("read -r go <&9");
        if (!IsHost)
            Pivot();
        Command();
    }

    private void Names()
    {
        // In a user namespace the files belong to a root who is not there: the host's side writes them.
        var names = plan.Made.Contains(NamespaceKind.User) ? [] : HandScript.Names(plan).ToList();
        if (names.Count > 0)
            script.Step("Its host name.");
        foreach (var name in names)
            script.Line(name);
        if (plan.Sysctls.Count == 0)
            return;
        script.Step("Kernel parameters of its namespaces.");
        foreach (var (key, value) in plan.Sysctls)
            script.Line($"echo {ShellText.Quote(value)} >/proc/sys/{ShellText.Quote(Path(key))}");
    }

    /// <summary>Dots part the name, unless slashes do: then the two change places (sysctl.d(5)).</summary>
    private static string Path(string key) => key.Contains('/') ? key : key.Replace('.', '/');

    private void Network()
    {
        if (!plan.Made.Contains(NamespaceKind.Network))
            return;
        script.Step("The loopback interface, without which it could not even talk to itself.");
        script.Line("ip link set lo up");
        foreach (var device in plan.Interfaces)
        {
            script.Step($"The inner end of the pair: the container itself has {device.Address ?? "no address"}, and two must not have one address. Give ADDRESS for another.");
            if (device.OtherAddress is { } address)
                script.Line($"ip address add \"${{ADDRESS:-{ShellText.Quote(address)}}}\" dev {ShellText.Quote(device.Name)}");
            script.Line($"ip link set {ShellText.Quote(device.Name)} up");
            if (device.Gateway is { } gateway)
                script.Line($"ip route add default via {ShellText.Quote(gateway)} dev {ShellText.Quote(device.Name)}");
        }
    }

    private void Mounts()
    {
        if (plan.Made.Contains(NamespaceKind.User) && !IsHost)
        {
            script.Step("What came with the copy of the mount table is locked in a user namespace: the new root must be a mount of its own.");
            script.Line("mount --bind \"$ROOT\" \"$ROOT\"");
        }

        if (plan.Mounts.Count == 0)
            return;
        script.Step("Its mounts, in the order in which they lie on each other.");
        script.Line(MountScript.Places);
        var late = new List<string>();
        var said = "";
        foreach (var mount in plan.Mounts)
        {
            if (mount.Why != said)
                script.Comment($"{mount.Destination}: {mount.Why}");
            said = mount.Why;
            if (mount.Place == HandPlace.OnMount)
                script.Line($"{(mount.IsFile ? "file" : "directory")} {ShellText.Quote(mount.Destination)}");
            // A mask is a bind of the container's own /dev/null, which must be there by then.
            if (mount.Kind == HandMountKind.Within && plan.Nodes.FirstOrDefault(node => node.Path == mount.Source) is { } source)
                Node(source);
            foreach (var command in MountScript.Make(mount, OwnGroup))
                script.Line(command);
            if (MountScript.Change(mount) is not { } change)
                continue;
            if (mount.Flags.Contains("ro") && HoldsOthers(mount))
                late.Add(change);
            else
                script.Line(change);
        }

        if (late.Count > 0)
            script.Comment("Read-only now that what lies on them is there.");
        foreach (var change in late)
            script.Line(change);
    }

    private bool HoldsOthers(HandMount mount) =>
        plan.Mounts.Any(other => other.Destination.StartsWith(mount.Destination + "/", StringComparison.Ordinal));

    /// <summary>The host's side made its groups beside the container's; inside, their names are known by its pid.</summary>
    private static string OwnGroup(string directory) => $"{System.IO.Path.GetDirectoryName(directory)}/by-hand-$BY_HAND";

    private void Nodes()
    {
        if (plan.Nodes.Count == 0)
            return;
        script.Step("Device nodes: a node is only a number, the kernel's control group of devices decides who may open it. And the links that programs expect.");
        script.Line("umask 022");
        foreach (var node in plan.Nodes)
            Node(node);
    }

    private void Node(HandNode node)
    {
        var place = $"\"$ROOT\"{ShellText.Quote(node.Path)}";
        if (System.IO.Path.GetDirectoryName(node.Path) is { } parent and not "/dev")
            script.Line($"directory {ShellText.Quote(parent)}");
        if (node.Target is { } target)
        {
            script.Line($"ln -sfn {ShellText.Quote(target)} {place}");
            return;
        }

        var number = node.Type == 'p' ? "" : string.Create(CultureInfo.InvariantCulture, $" {node.Major} {node.Minor}");
        script.Line($"[ -e {place} ] || mknod -m {Convert.ToString(node.Permissions, 8)} {place} {node.Type}{number}");
        if (node.Uid != 0 || node.Gid != 0)
            script.Line($"chown {node.Uid}:{node.Gid} {place}");
    }

    private void Tools()
    {
        script.Step("The host's files are about to go, the last tools with them: a copy of those, and of the libraries they need.");
        script.Line("cd \"$TOOLS\"");
        script.Line("mount -t tmpfs -o mode=755 tools .; cd \"$TOOLS\"; umask 022");
        script.Line("""
            for tool in umount setpriv env sh; do
                path=$(command -v "$tool"); cp -L "$path" "./$tool"
                ldd "$path" 2>/dev/null | while read -r name arrow library rest; do
                    case $name$arrow in
                    *'=>') cp -L "$library" "./$name" ;;
                    /*) cp -L "$name" ./loader ;;
                    esac
                done
            done
            RUN=; [ ! -e loader ] || RUN="./loader --library-path ."
            """);
    }

    private void Pivot()
    {
        if (plan.Root.ReadOnly)
        {
            script.Step("Nothing is made in the root from here on: read-only.");
            script.Line("mount -o remount,bind,ro \"$ROOT\"");
        }

        script.Step("The new root becomes the root of the mount namespace, and the host's, which then lies over it, is taken away: no path leads there any more. (A chroot would leave it mounted.)");
        script.Line("( cd \"$ROOT\" && pivot_root . . )");
        script.Line("$RUN ./umount -c -l /");
    }

    private void Command()
    {
        var process = plan.Process;
        if (process.Umask is { } umask)
        {
            script.Step("Which permissions new files lack.");
            script.Line($"umask {umask}");
        }

        script.Step("User, groups and capabilities last, as everything before took root's. The bounding set is the ceiling of whatever it starts.");
        var setpriv = new List<string>
        {
            $"--reuid={process.Uid} --regid={process.Gid} {Groups(process)}",
            $"--bounding-set={Set(process.Bounding)}",
            $"--inh-caps={Set(process.Inheritable)} --ambient-caps={Set(process.Ambient)}",
        };
        if (process.NoNewPrivileges)
            setpriv.Add("--no-new-privs");
        if (process.AppArmorProfile is { } profile)
            setpriv.Add($"--apparmor-profile {ShellText.Quote(profile)}");
        if (process.SelinuxLabel is { } label)
            setpriv.Add($"--selinux-label {ShellText.Quote(label)}");
        var prefix = IsHost ? "" : "$RUN ./";
        var command = string.Join(" \\\n    ", Words(process));
        script.Line($"set -- {prefix}env -i -C {ShellText.Quote(process.Directory)} \\\n    {command}");
        var run = process.HasInit ? $"{prefix}sh -c {ShellText.Program(Init)} init \"$@\" 6>&2 2>/dev/null" : "\"$@\"";
        script.Line($"exec {prefix}setpriv {string.Join(" \\\n    ", setpriv)} \\\n    -- {run} 7<&- 8>&- 9>&-");
    }

    /// <summary>An init: it starts the command, passes signals on, buries whoever is left to it, and ends when the command does.</summary>
    private const string Init = """
        "$@" 2>&6 6>&- & child=$!; exec 6>&-
        trap "kill -TERM $child" TERM INT HUP
        while kill -0 $child 2>/dev/null; do code=0; wait $child || code=$?; done
        exit $code
        """;

    private static string Groups(HandProcess process) => process.Groups switch
    {
        null => "--keep-groups",
        [] => "--clear-groups",
        var groups => $"--groups={string.Join(',', groups)}",
    };

    private static string Set(IReadOnlyList<string> names) =>
        string.Concat("-all", string.Concat(names.Select(name => $",+{name["CAP_".Length..].ToLowerInvariant()}")));

    private static IEnumerable<string> Words(HandProcess process)
    {
        foreach (var variable in process.Environment)
            yield return Word(variable);
        yield return string.Join(' ', process.Arguments.Select(Word));
    }

    private static string Word(HandWord word) => word.Secret is { } secret ? $"{ShellText.Quote(word.Text)}\"${secret}\"" : ShellText.Quote(word.Text);
}
