using Vitrine.Filters;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;
using OciCapabilities = Vitrine.Oci.Runtime.Capabilities;

namespace Vitrine.Runtime.Namespaces;

/// <summary>
/// Compiles the program of a process that debugs a container: in its namespaces, but with a root of its own. The container's
/// mounts are copied, never added to: what the process mounts and what it brings along nobody else sees, and the kernel takes it
/// away when the process has ended.
/// </summary>
/// <remarks>
/// (1) Join the user namespace, so that all that follows belongs to it. (2) Copy the caller's mount namespace: here the new root is
/// put together, out of the container's sight. (3) Join the other namespaces. (4) Take tools from here, and from the container's mount
/// namespace a copy of its tree. (5) Put both together and change the root. (6) Become who the command is to be.
/// </remarks>
public static class DebugCompiler
{
    /// <summary>The program.</summary>
    /// <param name="request">The target, its namespaces, and the root.</param>
    /// <param name="target">The container's first process.</param>
    /// <param name="command">What is executed; its working directory is inside of the new root.</param>
    /// <param name="seccomp">The filter of a confined process, or null.</param>
    /// <exception cref="VitrineException">A path or the filter is invalid.</exception>
    public static SetupProgram Compile(NamespaceRequest request, ExecTarget target, NamespaceCommand command, Seccomp? seccomp)
    {
        var tools = request.Tools!;
        var b = new ProgramBuilder();
        var process = Process(request, tools.Confinement, command);
        NamespaceCompiler.Begin(b, hides: true, command.IgnoredSignals);
        ProcessSteps.EmitOnHost(b, process);
        var root = NamespaceCompiler.OpenDirectory(b, "container's root", $"/proc/{request.Target}/root");
        var joinsUser = request.Joined.Contains(NamespaceKind.User);
        if (joinsUser)
        {
            JoinSteps.JoinTarget(b, [NamespaceKind.User], target);
            NamespaceSteps.BecomeRoot(b);
        }

        var own = DebugRootSteps.CopyMounts(b);
        IReadOnlyList<NamespaceKind> others = [.. request.Joined.Where(kind => kind is not (NamespaceKind.User or NamespaceKind.Mount))];
        if (others.Count > 0)
            JoinSteps.JoinTarget(b, others, target);
        var parts = DebugRootSteps.Take(b, tools, target, root, own);
        if (request.Forks)
            NamespaceCompiler.NextStage(b);
        b.Step(tools.JoinsCgroups ? "wait until the parent has joined this process to the container's cgroups" : "wait until the parent knows this process");
        b.Do(Operation.AwaitParent);
        DebugRootSteps.PutTogether(b, tools, parts);
        b.Step("change to the working directory", process.Cwd);
        b.Call(Syscall.chdir, b.Text(process.Cwd));
        Finish(b, process, joinsUser, tools.Confinement is null, seccomp);
        return b.Build();
    }

    private static void Finish(ProgramBuilder b, ProcessSpec process, bool inUserNamespace, bool isPrivileged, Seccomp? seccomp)
    {
        var available = inUserNamespace ? CapabilitySet.AllNamed.Bits : OwnCapabilities.Permitted.Bits;
        var capabilities = new CapabilitySteps(b, isPrivileged ? CapabilitySteps.Everything(available) : process.Capabilities, available);
        capabilities.DropBounding(b);
        ProcessSteps.EmitUser(b, process.User, mayKeepGroups: inUserNamespace);
        var filter = seccomp is null ? null : SeccompSection.Compile(seccomp with { ListenerPath = null });
        CommandSteps.Emit(b, process, capabilities, filter, new CommandEnding(ProcessTies.Supervised, KeepsSession: true));
    }

    private static ProcessSpec Process(NamespaceRequest request, Confinement? confinement, NamespaceCommand command)
    {
        var process = new ProcessSpec
        {
            Args = command.Arguments,
            Env = command.Environment,
            Cwd = request.InnerWorkingDirectory ?? "/",
            User = new User(),
        };
        return confinement is null ? process : process with
        {
            User = new User { Uid = confinement.Uid, Gid = confinement.Gid, AdditionalGids = [.. confinement.Groups] },
            NoNewPrivileges = confinement.NoNewPrivileges,
            ApparmorProfile = confinement.Profile,
            Capabilities = new OciCapabilities
            {
                Bounding = new CapabilitySet(confinement.Bounding).ToNames(),
                Permitted = new CapabilitySet(confinement.Permitted).ToNames(),
                Effective = new CapabilitySet(confinement.Effective).ToNames(),
                Inheritable = new CapabilitySet(confinement.Inheritable).ToNames(),
                Ambient = new CapabilitySet(confinement.Ambient).ToNames(),
            },
        };
    }
}
