using Vitrine.Insight.Cgroups;
using Vitrine.Insight.Host;
using Vitrine.Insight.Sections;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Secrets;

namespace Vitrine.Insight;

/// <summary>
/// Explains what a container is, from /proc and cgroupfs: of this engine, of any other or of none. Needs no root; what the
/// kernel refuses to tell is named in the answer.
/// </summary>
/// <param name="options">How to explain; null for the real host and hidden secrets.</param>
public sealed class Explainer(ExplainOptions? options = null)
{
    private readonly ExplainOptions options = options ?? new ExplainOptions();

    /// <summary>Explains a process and the container around it.</summary>
    /// <exception cref="VitrineException">No such process (<see cref="ErrorKind.NotFound"/>).</exception>
    public ContainerExplanation Explain(ExplainTarget target)
    {
        var context = Observe(target);
        var mountNotes = context.Notes();
        var mounts = mountNotes.Read("mounts", context.Source("mountinfo"), () => context.Proc.Mounts(context.Pid)) ?? [];
        var cgroupNotes = context.Notes();
        var cgroups = Groups(context, cgroupNotes);
        var root = RootExplainer.Explain(context, mounts);
        return new ContainerExplanation
        {
            Target = Target(context),
            Processes = ProcessExplainer.Explain(context, root),
            Namespaces = NamespaceExplainer.Explain(context),
            UserMapping = UserMappingExplainer.Explain(context),
            Root = root,
            Mounts = MountExplainer.Explain(context, mounts, root.Kind, mountNotes),
            Cgroups = CgroupExplainer.Explain(context, cgroups, cgroupNotes),
            Capabilities = CapabilityExplainer.Explain(context),
            Seccomp = SeccompExplainer.Explain(context),
            Confinement = ConfinementExplainer.Explain(context),
            Devices = DeviceExplainer.Explain(context, cgroups),
            Limits = options.OnlySettings ? new LimitSection() : LimitExplainer.Explain(context),
            Network = options.OnlySettings ? NetworkExplainer.Settings(context) : NetworkExplainer.Explain(context),
            OpenFiles = options.OnlySettings ? new OpenFileSection() : OpenFileExplainer.Explain(context, mounts),
            Secrets = SecretExplainer.Explain(context),
        };
    }

    /// <summary>Reads the host, and what every section needs of the process.</summary>
    /// <exception cref="VitrineException">No such process (<see cref="ErrorKind.NotFound"/>).</exception>
    internal ExplainContext Observe(ExplainTarget target)
    {
        var proc = new ProcFs(options.HostRoot + "/proc");
        var host = target.Host ?? HostSnapshot.Take(proc);
        var view = options.View ?? new HostView(proc, options.HostRoot);
        var hints = target.Hints ?? new ContainerHints();
        if (host.Find(target.Pid) is not { } process || proc.Status(target.Pid) is not { } status)
            throw new VitrineException(ErrorKind.NotFound, NotThere(proc, target.Pid));
        var members = ContainerMembers.Find(host, process);
        var mark = members.First.Place.Mark;
        var (spec, specPath) = SpecFinder.Find(hints.SpecPath, mark?.Id, options.HostRoot);
        return new ExplainContext
        {
            Proc = proc,
            Options = options,
            Hints = hints,
            Host = host,
            Process = process,
            Status = status,
            Members = members,
            Mark = mark,
            View = view,
            UserMap = UserMap(proc, target.Pid),
            Redactor = new SecretRedactor(view.Fingerprint, options.RevealSecrets),
            Spec = spec,
            SpecPath = specPath,
            IsContainer = IsContainer(host, proc, process, status),
        };
    }

    /// <summary>The process's control groups, where they are mounted.</summary>
    internal static CgroupView Groups(ExplainContext context, SectionNotes notes) =>
        new(Layout(context, notes), context.Process.Cgroups, context.Options.HostRoot, notes);

    private static CgroupLayout Layout(ExplainContext context, SectionNotes notes)
    {
        try
        {
            return context.View.Layout;
        }
        catch (IOException)
        {
            notes.Unreadable("hierarchies", $"{ExplainContext.ProcRoot}/self/mountinfo", Errno.ENOENT);
            return new CgroupLayout([]);
        }
    }

    private static string NotThere(ProcFs proc, int pid) => proc.Stat(pid) switch
    {
        null => $"No such process: {pid}",
        { IsDead: true } => $"process {pid} has ended; only its exit code remains",
        _ => $"process {pid} is a thread of the kernel: it has no files, no root and no environment to explain",
    };

    private static bool? IsContainer(HostSnapshot host, ProcFs proc, HostProcess process, ProcStatus status)
    {
        // Everybody may read the list of pids and the cgroup, which give most containers away.
        if (status.NamespacePids.Count > 1 || process.Place.Mark is not null)
            return true;
        foreach (var kind in NamespaceId.Kinds)
        {
            if (ExplainContext.HasOwn(host, process, kind))
                return true;
        }

        try
        {
            return proc.Link(process.Pid, "root") is not (null or "/") ? true : process.Namespaces.Count > 0 ? false : null;
        }
        catch (LinuxException)
        {
            return null; // Another user's process: RootExplainer says that it cannot be read.
        }
    }

    private static IReadOnlyList<IdRange> UserMap(ProcFs proc, int pid)
    {
        try
        {
            return proc.UserMap(pid) ?? [];
        }
        catch (LinuxException)
        {
            return []; // UserMappingExplainer says why.
        }
    }

    private static TargetSection Target(ExplainContext context)
    {
        var first = context.Members.First;
        var supervisor = context.Members.Supervisor is { } parent ? EngineMarks.FromSupervisor(parent.Command) : null;
        var engine = context.Hints.Engine ?? context.Mark?.Engine ?? supervisor?.Engine;
        return new TargetSection
        {
            Pid = context.Pid,
            FirstPid = first.Pid,
            StartTime = context.Proc.StartTime(context.Pid) ?? 0,
            Command = context.Process.Command,
            Engine = engine is "none" ? null : engine,
            Id = context.Id,
            Name = context.Hints.Name,
            Image = context.Hints.Image,
            IsContainer = context.IsContainer,
        };
    }
}
