using Vitrine.Insight.Audit.Known;
using Vitrine.Linux;

namespace Vitrine.Insight.Audit.Ways;

/// <summary>What ways out have in common: preconditions, judged from outside.</summary>
internal static class Conditions
{
    /// <summary>A capability that counts on the host.</summary>
    public static Precondition Has(ContainerSubject container, Capability capability)
    {
        var name = Capabilities.Name(capability);
        var source = container.Source("status");
        if (container.HasUserNamespace)
            return new Precondition($"{name} on the host", false, "its capabilities count within its user namespace only", container.Source("uid_map"));
        return container.PowerOf(capability) switch
        {
            Power.Held => new($"{name} on the host", true, "CapEff has it", source),
            Power.Latent => new($"{name} on the host", null, "CapBnd has it: a program with the bit or file capability would bring it", source),
            _ => new($"{name} on the host", false, "CapEff has it not", source),
        };
    }

    /// <summary>Root inside that is root outside, or can be.</summary>
    public static Precondition Root(ContainerSubject container) => container switch
    {
        { HasUserNamespace: true } => new("root, and no user namespace", false, "it is in a user namespace of its own", container.Source("uid_map")),
        { IsHostRoot: true } => new("root, and no user namespace", true, "uid 0, and the host's user namespace", container.Source("status")),
        { Self: null } => new("root, and no user namespace", null, "its status could not be read", container.Source("status")),
        { CanGainPrivileges: true } => new("root, and no user namespace", null, $"uid {container.Self.HostUid}; a set-user-id program inside would make it root", container.Source("status")),
        _ => new("root, and no user namespace", false, $"uid {container.Self.HostUid}, and no_new_privs", container.Source("status")),
    };

    /// <summary>A namespace that is the host's.</summary>
    public static Precondition HostNamespace(ContainerSubject container, string kind)
    {
        var space = container.Namespace(kind);
        var text = $"the host's {kind} namespace";
        return space switch
        {
            { Scope: NamespaceScope.Host } => new(text, true, "it is the host's", space.Source),
            { Scope: NamespaceScope.Isolated or NamespaceScope.Shared } => new(text, false, $"it has {kind}:[{space.Inode}]", space.Source),
            _ => new(text, null, space?.Error ?? "it could not be read", container.Source($"ns/{kind}")),
        };
    }

    /// <summary>A seccomp filter that lets one of some calls through.</summary>
    public static Precondition SeccompLets(ContainerSubject container, params ReadOnlySpan<string> calls)
    {
        var text = $"a filter that lets {string.Join(" or ", calls!)} through";
        var seccomp = container.Explanation.Seccomp;
        var source = container.Source("status");
        if (seccomp.Mode == SeccompMode.Disabled)
            return new Precondition(text, true, "there is no filter", source);
        if (seccomp.Mode == SeccompMode.Strict)
            return new Precondition(text, false, "only read, write and exit", source);
        bool? isLet = false;
        var isKnown = false;
        foreach (var call in calls)
        {
            foreach (var group in seccomp.Groups)
            {
                if (group.Allowed.Contains(call))
                    return new Precondition(text, true, $"the filter lets {call} through", "config.json: linux.seccomp");
                isKnown |= group.Blocked.Contains(call);
                if (group.Conditional.Contains(call))
                    isLet = null;
            }
        }

        if (isLet is null)
            return new Precondition(text, null, "the filter looks at the arguments", "config.json: linux.seccomp");
        return isKnown
            ? new Precondition(text, false, "the filter refuses it", "config.json: linux.seccomp")
            : new Precondition(text, null, "a filter is there; its rules are not readable", source);
    }

    /// <summary>No security module that would refuse it.</summary>
    public static Precondition Unconfined(ContainerSubject container)
    {
        const string Text = "no AppArmor or SELinux profile that refuses it";
        var confinement = container.Explanation.Confinement;
        var source = container.Source("attr/current");
        if (confinement.Module is null)
            return new Precondition(Text, true, "no module confines it", source);
        return confinement.Mode switch
        {
            "unconfined" or "complain" => new(Text, true, $"{confinement.Module}: {confinement.Mode}", source),
            "enforce" when confinement.Label is "docker-default" or "vitrine-default" => new(Text, false, $"{confinement.Label} refuses mounts and writes to kernel files", source),
            _ => new(Text, null, $"{confinement.Module}: {confinement.Label}; what it refuses is not known here", source),
        };
    }

    /// <summary>A file of the kernel that it may write: there, on a writable mount, by its mode.</summary>
    public static Precondition MayWrite(ContainerSubject container, string path)
    {
        var text = $"{path} writable";
        var source = container.Source("mountinfo");
        if (container.MountOf(path) is not { } mount)
            return new Precondition(text, false, "nothing of the kernel is mounted there", source);
        if (mount.Class == MountClass.Masked || mount.FileSystem is not ("proc" or "sysfs" or "binfmt_misc" or "cgroup" or "cgroup2"))
            return new Precondition(text, false, $"{mount.Destination} hides it", source);
        if (mount.ReadOnly)
            return new Precondition(text, false, $"{mount.Destination} is mounted read-only", source);
        if (container.Files.Look(path) is not { } status)
            return new Precondition(text, false, $"{mount.Destination} is writable, but the file is not there", container.Source($"root{path}"));
        return (status.Mode & 0x92) == 0
            ? new Precondition(text, false, "nobody has the permission to write it", container.Source($"root{path}"))
            : new Precondition(text, true, $"{mount.Destination} is mounted writable; mode {HostFile.Octal(status.Permissions)}", container.Source($"root{path}"));
    }

    /// <summary>A file of procfs or sysfs that it may write, at any of the places where that is mounted.</summary>
    public static Precondition MayWriteIn(ContainerSubject container, string fileSystem, string usual, string file)
    {
        List<Precondition> places = [];
        foreach (var mount in container.Mounts)
        {
            if (mount.FileSystem == fileSystem && mount.Class is MountClass.Kernel && mount.Destination != usual)
                places.Add(MayWrite(container, $"{mount.Destination}/{file}"));
        }

        return Any($"{usual}/{file} writable", [MayWrite(container, $"{usual}/{file}"), .. places]);
    }

    /// <summary>A kernel that has one of the flaws that need something.</summary>
    public static Precondition KernelFlaw(ContainerSubject container, KernelNeed need, string? cve = null)
    {
        const string Source = "/proc/version";
        var text = cve is null ? "a kernel with a known flaw there" : $"a kernel with {cve}";
        if (container.Host.Kernel is not { } kernel)
            return new Precondition(text, null, "the kernel's version could not be read", Source);
        var flaws = KernelFlaws.All.Where(flaw => flaw.Needs == need && (cve is null || flaw.Cve == cve) && flaw.IsIn(kernel.Number)).ToList();
        if (flaws.Count == 0)
            return new Precondition(text, false, $"Linux {kernel} has none that is known", Source);
        var names = string.Join(", ", flaws.Select(flaw => flaw.Cve));
        return kernel.HidesFixes
            ? new Precondition(text, null, $"Linux {kernel.Number} has {names}, unless {kernel.Distribution} has repaired it", Source)
            : new Precondition(text, true, $"Linux {kernel} has {names}", Source);
    }

    /// <summary>A program of the host that has one of some flaws.</summary>
    public static Precondition SoftwareFlaw(ContainerSubject container, string program, params ReadOnlySpan<string> cves)
    {
        var text = $"{program} with {string.Join(" or ", cves!)}";
        if (container.Host.Programs.FirstOrDefault(installed => installed.Name == program) is not { } found)
            return new Precondition(text, false, $"{program} is not installed", "/usr/bin");
        bool? isThere = false;
        foreach (var (flaw, isSure) in container.Host.FlawsOf(found))
        {
            if (cves.Contains(flaw.Cve) && isThere != true)
                isThere = isSure ? true : null;
        }

        return new Precondition(text, isThere, isThere switch
        {
            true => $"{found.Text} has it",
            false => $"{found.Text} has it not",
            _ => $"{found.Text} has it, unless its package has repaired it",
        }, found.Source);
    }

    /// <summary>A number of the kernel's settings.</summary>
    public static Precondition Sysctl(ContainerSubject container, string text, string name, Func<long, bool> isMet, bool? whenMissing) =>
        container.Host.Number(name) is { } number
            ? new Precondition(text, isMet(number), $"{name.Replace('/', '.')} is {number}", HostFacts.SysctlPath(name))
            : new Precondition(text, whenMissing, $"{name.Replace('/', '.')} is not there", HostFacts.SysctlPath(name));

    /// <summary>A mount of the container that is as wanted.</summary>
    public static Precondition Mount(ContainerSubject container, string text, Func<MountFact, bool> isWanted)
    {
        foreach (var mount in container.Mounts)
        {
            if (isWanted(mount))
                return new Precondition(text, true, $"{mount.Source ?? mount.FileSystem} is at {mount.Destination}", container.Source("mountinfo"));
        }

        return new Precondition(text, false, "no such mount", container.Source("mountinfo"));
    }

    /// <summary>One that is met when any of some is, with the best of their reasons.</summary>
    public static Precondition Any(string text, params IReadOnlyList<Precondition> several)
    {
        var best = several.FirstOrDefault(one => one.IsMet == true) ?? several.FirstOrDefault(one => one.IsMet is null);
        return best is not null
            ? best with { Text = text }
            : new Precondition(text, false, string.Join("; ", several.Select(one => one.Reason).Distinct()), several[0].Source);
    }
}
