using System.Globalization;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Vitrine.Oci.Runtime;

namespace Vitrine.Filters;

public sealed partial record SeccompProfile
{
    /// <summary>The config.json section for one container, as Docker's setupSeccomp works it out.</summary>
    /// <param name="capabilities">The container's bounding set.</param>
    /// <param name="kernel">The running kernel's version; major and minor count.</param>
    /// <param name="machine">The machine's own ABI.</param>
    /// <exception cref="VitrineException">Invalid: the profile contradicts itself or names no action.</exception>
    public Seccomp Resolve(CapabilitySet capabilities, Version kernel, SeccompArchitecture machine)
    {
        if (Architectures is { Count: > 0 } && ArchMap is { Count: > 0 })
            throw Invalid("both 'architectures' and 'archMap' were specified in the seccomp profile, use either 'architectures' or 'archMap'");
        return new Seccomp
        {
            DefaultAction = DefaultAction ?? throw Invalid("the seccomp profile has no defaultAction"),
            DefaultErrnoRet = DefaultErrnoRet,
            Architectures = Architectures is { Count: > 0 } ? Architectures : MappedArchitectures(machine),
            Flags = Flags,
            ListenerPath = ListenerPath,
            ListenerMetadata = ListenerMetadata,
            Syscalls = ResolveRules(new Host(capabilities, kernel, machine)),
        };
    }

    /// <inheritdoc cref="Resolve(CapabilitySet, Version, SeccompArchitecture)"/>
    public Seccomp Resolve(CapabilitySet capabilities) =>
        Resolve(capabilities, Environment.OSVersion.Version, SeccompArchitectures.Native);

    private List<string>? MappedArchitectures(SeccompArchitecture machine)
    {
        foreach (var map in ArchMap ?? [])
        {
            if (map.Architecture == machine.Name())
                return [map.Architecture, .. map.SubArchitectures ?? []];
        }

        return null;
    }

    private List<SyscallRule> ResolveRules(Host host)
    {
        var rules = new List<SyscallRule>(Syscalls?.Count ?? 0);
        foreach (var rule in Syscalls ?? [])
        {
            if (rule.Name is { Length: > 0 } && rule.Names is { Count: > 0 })
                throw Invalid("both 'name' and 'names' were specified in the seccomp profile, use either 'name' or 'names'");
            if (host.MeetsAny(rule.Excludes) || !host.MeetsAll(rule.Includes))
                continue;
            rules.Add(new SyscallRule
            {
                Names = rule.Name is { Length: > 0 } name ? [name] : rule.Names ?? [],
                Action = rule.Action ?? throw Invalid("a rule of the seccomp profile has no action"),
                ErrnoRet = rule.ErrnoRet,
                Args = rule.Args,
            });
        }

        return rules;
    }

    private static VitrineException Invalid(string message) => new(ErrorKind.Invalid, message);

    private sealed record Host(CapabilitySet Capabilities, Version Kernel, SeccompArchitecture Machine)
    {
        public bool MeetsAll(ProfileCondition? condition)
        {
            if (condition is null)
                return true;
            foreach (var capability in condition.Caps ?? [])
            {
                if (!Has(capability))
                    return false;
            }

            return (condition.Arches is not { Count: > 0 } arches || Is(arches)) && (condition.MinKernel is not { Length: > 0 } oldest || IsAtLeast(oldest));
        }

        public bool MeetsAny(ProfileCondition? condition)
        {
            foreach (var capability in condition?.Caps ?? [])
            {
                if (Has(capability))
                    return true;
            }

            return condition?.Arches is { Count: > 0 } arches && Is(arches) || condition?.MinKernel is { Length: > 0 } oldest && IsAtLeast(oldest);
        }

        private bool Has(string name) => Linux.Capabilities.TryParse(name, out var capability) && Capabilities.Contains(capability);

        // Go's names, which Docker's profiles use.
        private bool Is(IReadOnlyList<string> arches)
        {
            var machine = Machine == SeccompArchitecture.Arm64 ? "arm64" : "amd64";
            for (var i = 0; i < arches.Count; i++)
            {
                if (arches[i] == machine)
                    return true;
            }

            return false;
        }

        private bool IsAtLeast(string version)
        {
            var parts = version.Split('.');
            if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
                throw Invalid($"invalid kernel version '{version}' in the seccomp profile: expected 'major.minor'");
            return Kernel.Major > major || Kernel.Major == major && Kernel.Minor >= minor;
        }
    }
}
