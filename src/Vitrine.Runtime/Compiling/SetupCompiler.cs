using Vitrine.Filters;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>
/// Compiles OCI configurations to setup programs. Pure, but for reading what the options leave out: the cgroup layout, the
/// kernel's version, own capabilities.
/// </summary>
public static class SetupCompiler
{
    /// <summary>
    /// An annotation of the configuration: the names of rlimits, parted by commas, that stay as they are where they cannot be set.
    /// </summary>
    public const string OptionalRlimitsAnnotation = "io.vitrine.rlimits.optional";

    /// <summary>The program that becomes the container's first process.</summary>
    /// <exception cref="VitrineException">The configuration is invalid or asks for what is not supported.</exception>
    public static SetupProgram Compile(Spec spec, SetupOptions options)
    {
        if (spec.Process is { } given)
            spec = spec with { Process = Complete(given) };
        SpecChecks.Demand(spec);
        var process = spec.Process!;
        var namespaces = NamespacePlan.Of(spec);
        JoinedMountNamespace.Demand(namespaces);
        Unsupported.Refuse(spec, options.RunsHooks);
        // Its layers carry trusted xattrs, which a user namespace may not read: mounted there, whiteouts would show what they hide.
        if (options.Overlay is not null && namespaces.Has(NamespaceKind.User))
            throw Invalid.Unsupported("an overlay root filesystem in a user namespace");
        var b = new ProgramBuilder { StdioOwner = IdMaps.HostId(process.User.Uid, spec.Linux?.UidMappings) };
        var available = Available(options.AvailableCapabilities, namespaces);

        NamespaceSteps.Begin(b);
        ProcessSteps.EmitOnHost(b, process);
        NamespaceSteps.Emit(b, spec, namespaces);
        KernelSteps.Emit(b, spec, namespaces);
        ProcessSteps.EmitPersonality(b, spec);
        var (root, slave) = Filesystem(b, spec, process, options, namespaces, available);
        b.Step("find or make the working directory", process.Cwd, kind: StepKind.WorkingDirectory);
        var cwd = b.MountPoint(root, WorkingDirectory(process), MountPointKind.Directory);
        if (options.RunsHooks && HasCreationHooks(spec))
        {
            b.Step("wait for the hooks of the container's creation");
            b.Do(Operation.AwaitHooks);
        }

        RootfsSteps.Pivot(b, spec, root);
        b.Listener = Listener(spec, options.ContainerId, options.BundlePath, 0);
        Finish(b, spec, process, slave, cwd, new CapabilitySteps(b, process.Capabilities, available), privileged: false,
            new CommandEnding(options.Ties, options.Init, options.StartFifo));
        return b.Build();
    }

    /// <summary>The program that becomes a further process of a running container.</summary>
    /// <param name="containerSpec">The container's own configuration: which namespaces it has, and its seccomp filter.</param>
    /// <param name="process">What to run.</param>
    /// <param name="target">The container.</param>
    /// <param name="privileged">Whether it gets every capability there is, and no seccomp filter.</param>
    /// <exception cref="VitrineException">The configuration is invalid or asks for what is not supported.</exception>
    public static SetupProgram CompileExec(Spec containerSpec, ProcessSpec process, ExecTarget target, bool privileged) =>
        CompileExec(containerSpec, process, target, privileged, OwnCapabilities.Permitted.Bits);

    /// <summary>The program that becomes a further process of a running container, confined as the container's own is.</summary>
    /// <exception cref="VitrineException">The configuration is invalid or asks for what is not supported.</exception>
    public static SetupProgram CompileExec(Spec containerSpec, ProcessSpec process, ExecTarget target, ProcessTies ties) =>
        CompileExec(containerSpec, process, target, privileged: false, OwnCapabilities.Permitted.Bits, new CommandEnding(ties));

    /// <summary>The program that runs a startContainer hook: like an exec of the container's own process, and confined as that is.</summary>
    public static SetupProgram CompileStartHook(Spec containerSpec, Hook hook, ExecTarget target)
    {
        var process = containerSpec.Process! with { Terminal = false, Args = hook.Args is { Count: > 0 } given ? given : [hook.Path], Env = hook.Env ?? [] };
        var ending = new CommandEnding(ProcessTies.Supervised, Executable: hook.Path);
        return CompileExec(containerSpec, process, target, privileged: false, OwnCapabilities.Permitted.Bits, ending);
    }

    /// <summary>The program that runs a createContainer hook: in the container's namespaces, with the host's files still in sight.</summary>
    public static SetupProgram CompileHook(Spec containerSpec, Hook hook, ExecTarget target)
    {
        var b = new ProgramBuilder();
        NamespaceSteps.Begin(b);
        NamespaceSteps.Enter(b, NamespacePlan.Of(containerSpec), target);
        b.Do(Operation.AwaitParent);
        CommandSteps.EmitHook(b, hook);
        return b.Build();
    }

    /// <inheritdoc cref="CompileExec(Spec, ProcessSpec, ExecTarget, bool)"/>
    internal static SetupProgram CompileExec(Spec containerSpec, ProcessSpec process, ExecTarget target, bool privileged,
        ulong ownCapabilities, CommandEnding? ending = null)
    {
        process = Complete(process);
        SpecChecks.Demand(process);
        var namespaces = NamespacePlan.Of(containerSpec);
        var b = new ProgramBuilder { StdioOwner = IdMaps.HostId(process.User.Uid, containerSpec.Linux?.UidMappings) };
        var available = Available(ownCapabilities, namespaces);
        var capabilities = privileged ? CapabilitySteps.Everything(available) : process.Capabilities;

        b.Listener = Listener(containerSpec, target.ContainerId, target.BundlePath, target.Pid);
        NamespaceSteps.Begin(b);
        SchedulingSteps.EmitAffinity(b, process.ExecCpuAffinity?.Initial, "initial");
        ProcessSteps.EmitOnHost(b, process);
        NamespaceSteps.Enter(b, namespaces, target);
        b.Step("enter the container's cgroup when the parent says so");
        b.Do(Operation.EnterCgroup);
        SchedulingSteps.EmitAffinity(b, process.ExecCpuAffinity?.Final, "final");
        b.Step("open the container's root");
        var root = b.Open("/", O_PATH | O_CLOEXEC);
        var slave = process.Terminal ? TerminalSteps.Open(b, process, root) : (Register?)null;
        b.Step("open the working directory", process.Cwd, kind: StepKind.WorkingDirectory);
        var cwd = b.OpenIn(root, WorkingDirectory(process), O_PATH | O_CLOEXEC | O_DIRECTORY);
        Finish(b, containerSpec, process, slave, cwd, new CapabilitySteps(b, capabilities, available), privileged,
            ending ?? new CommandEnding(ProcessTies.Supervised));
        return b.Build();
    }

    private static (Register Root, Register? Slave) Filesystem(ProgramBuilder b, Spec spec, ProcessSpec process, SetupOptions options,
        NamespacePlan namespaces, ulong available)
    {
        var (root, empty) = RootfsSteps.Mount(b, spec, options);
        var waited = false;
        foreach (var mount in spec.Mounts ?? [])
        {
            if (mount.Type != "cgroup")
            {
                MountSteps.Emit(b, UserMounts.Adapt(mount, namespaces, spec.Linux), spec, options, root);
                continue;
            }

            // The parent records the process while the mounts before this one are made.
            if (!waited)
                NamespaceSteps.EnterCgroup(b, namespaces);
            waited = true;
            CgroupMountSteps.Emit(b, mount, spec, options, root);
        }

        if (!waited)
            NamespaceSteps.EnterCgroup(b, namespaces);
        if (DeviceSteps.OwnsDev(spec))
            DeviceSteps.Emit(b, spec, root, CanMakeNodes(namespaces, available));
        var slave = process.Terminal ? TerminalSteps.Open(b, process, root) : (Register?)null;
        if (slave is { } terminal)
            TerminalSteps.BindConsole(b, terminal, root);
        PathSteps.MakeReadOnly(b, spec.Linux?.ReadonlyPaths ?? [], root);
        PathSteps.Mask(b, spec.Linux?.MaskedPaths ?? [], root, empty);
        return (root, slave);
    }

    private static bool HasCreationHooks(Spec spec) =>
        spec.Hooks is { } hooks && (hooks.Prestart?.Count > 0 || hooks.CreateRuntime?.Count > 0 || hooks.CreateContainer?.Count > 0);

    private static bool CanMakeNodes(NamespacePlan namespaces, ulong available) =>
        !namespaces.Has(NamespaceKind.User) && new CapabilitySet(available).Contains(Capability.CAP_MKNOD);

    private static void Finish(ProgramBuilder b, Spec spec, ProcessSpec process, Register? slave, Register cwd,
        CapabilitySteps capabilities, bool privileged, CommandEnding ending)
    {
        b.Step("change to the working directory", process.Cwd, kind: StepKind.WorkingDirectory);
        b.Call(Syscall.fchdir, cwd);
        TerminalSteps.PutInPlace(b, slave);
        ProcessSteps.EmitLimits(b, process, spec.Linux, OptionalRlimits(spec));
        capabilities.DropBounding(b);
        ProcessSteps.EmitUser(b, process.User);
        var filter = privileged || spec.Linux?.Seccomp is not { } seccomp ? null : SeccompSection.Compile(seccomp);
        CommandSteps.Emit(b, process, capabilities, filter, ending);
    }

    /// <summary>The serializer leaves null where the JSON has nothing, whatever a property's type and default say.</summary>
    private static ProcessSpec Complete(ProcessSpec process) =>
        process with { User = process.User ?? new User(), Cwd = process.Cwd ?? "" };

    private static string WorkingDirectory(ProcessSpec process) => SpecPath.Inside(process.Cwd);

    /// <summary>A process in a user namespace that is not the host's has every capability there.</summary>
    private static ulong Available(ulong? given, NamespacePlan namespaces) =>
        namespaces.Has(NamespaceKind.User) ? CapabilitySet.AllNamed.Bits : given ?? OwnCapabilities.Permitted.Bits;

    private static SeccompListener? Listener(Spec spec, string id, string bundle, int pid) =>
        spec.Linux?.Seccomp?.ListenerPath is { Length: > 0 } path ? new SeccompListener(path, spec, id, bundle, pid) : null;

    private static HashSet<string> OptionalRlimits(Spec spec) =>
        spec.Annotations?.GetValueOrDefault(OptionalRlimitsAnnotation) is { } names ? [.. names.Split(',')] : [];
}
