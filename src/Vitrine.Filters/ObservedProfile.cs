using Vitrine.Linux;
using Vitrine.Linux.Seccomp;

namespace Vitrine.Filters;

/// <summary>A profile made of the system calls that a command was seen to make.</summary>
public static class ObservedProfile
{
    /// <summary>
    /// What a container needs whatever it runs: under the filter Vitrine still gives up the capabilities that loading it took
    /// (capset, and prctl for ambient ones) and makes execve; the kernel itself has a thread make the last two.
    /// </summary>
    private static readonly string[] s_always = ["capset", "execve", "exit", "exit_group", "prctl", "rt_sigreturn", "restart_syscall"];

    /// <summary>The profile that lets those calls run and no other.</summary>
    /// <param name="calls">What was seen.</param>
    /// <param name="also">Further ABIs that the profile is for.</param>
    /// <param name="unknown">Calls that have no name here, and are left out.</param>
    public static SeccompProfile Of(IEnumerable<SeenCall> calls, IEnumerable<SeccompArchitecture> also, out IReadOnlyList<SeenCall> unknown)
    {
        var names = new SortedSet<string>(s_always, StringComparer.Ordinal);
        var architectures = new SortedSet<SeccompArchitecture> { SeccompArchitectures.Native };
        architectures.UnionWith(also);
        var left = new List<SeenCall>();
        foreach (var call in calls)
        {
            if (ArchitectureOf(call) is { } architecture && SyscallTable.NameOf(architecture, call.Number) is { } name)
            {
                names.Add(name);
                architectures.Add(architecture);
            }
            else
            {
                left.Add(call);
            }
        }

        unknown = left;
        return new SeccompProfile
        {
            DefaultAction = "SCMP_ACT_ERRNO",
            DefaultErrnoRet = (uint)Errno.EPERM,
            Architectures = [.. architectures.Select(architecture => architecture.Name())],
            Syscalls = [new ProfileRule { Names = [.. names], Action = "SCMP_ACT_ALLOW" }],
        };
    }

    /// <summary>
    /// Another profile with what was seen added: calls that it lets run already stay as they are, with their conditions, which
    /// are there for a reason (clone without new namespaces). What it refuses by a rule of its own, a rule behind that cannot allow.
    /// </summary>
    /// <param name="seen">A profile of <see cref="Of"/>.</param>
    /// <param name="profile">What it is added to.</param>
    /// <param name="capabilities">The container's, which the profile's conditions ask for.</param>
    /// <param name="added">The calls that were added.</param>
    /// <param name="conditional">Those that run under the profile's conditions only.</param>
    /// <exception cref="VitrineException">Invalid: the profile contradicts itself.</exception>
    public static SeccompProfile AddedTo(SeccompProfile seen, SeccompProfile profile, CapabilitySet capabilities,
        out IReadOnlyList<string> added, out IReadOnlyList<string> conditional)
    {
        var (allowed, sometimes) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var rule in profile.Resolve(capabilities).Syscalls ?? [])
        {
            if (rule.Action == "SCMP_ACT_ALLOW")
                (rule.Args is { Count: > 0 } ? sometimes : allowed).UnionWith(rule.Names);
        }

        var names = seen.Syscalls![0].Names!;
        added = [.. names.Where(name => !allowed.Contains(name) && !sometimes.Contains(name))];
        conditional = [.. names.Where(name => !allowed.Contains(name) && sometimes.Contains(name))];
        return added.Count == 0 ? profile : profile with
        {
            Syscalls = [.. profile.Syscalls ?? [], new ProfileRule { Names = added, Action = "SCMP_ACT_ALLOW", Comment = "seen in a run" }],
        };
    }

    private static SeccompArchitecture? ArchitectureOf(SeenCall call)
    {
        foreach (var architecture in Enum.GetValues<SeccompArchitecture>())
        {
            if (architecture.AuditValue() == call.AuditArchitecture)
                return architecture == SeccompArchitecture.X64 && (call.Number & SeccompArchitectures.X32Bit) != 0 ? SeccompArchitecture.X32 : architecture;
        }

        return null;
    }
}
