using Vitrine.Insight.Host;
using Vitrine.Linux;

namespace Vitrine.Insight.Sections;

/// <summary>Which processes the container has, as the host sees them, and who started it.</summary>
internal static class ProcessExplainer
{
    public static ProcessSection Explain(ExplainContext context, RootSection root)
    {
        var notes = context.Notes();
        var processes = new List<ContainerProcess>();
        foreach (var (pid, membership) in context.Members.Found)
        {
            if (Describe(context, pid, membership) is { } process)
                processes.Add(process);
        }

        // The first process leads; the others by pid, which is mostly the order in which they were started.
        var first = context.Members.First.Pid;
        processes.Sort((left, right) => (left.Pid != first, left.Pid).CompareTo((right.Pid != first, right.Pid)));
        var supervisor = DescribeSupervisor(context);
        Note(context, notes, processes, supervisor);
        var program = context.Options.OnlySettings ? null : ProgramExplainer.Explain(context, root, notes);
        return new ProcessSection
        {
            Supervisor = supervisor,
            Program = program,
            Processes = processes,
            Facts = notes.Facts,
            Warnings = notes.Warnings,
        };
    }

    private static void Note(
        ExplainContext context, SectionNotes notes, List<ContainerProcess> processes, Supervisor? supervisor)
    {
        if (context.IsContainer is null)
        {
            notes.Fact("container", "not known", context.Source("ns/*"),
                "Only root and the process's own user may compare its namespaces with the host's.");
        }
        else if (context.IsContainer == true)
        {
            notes.Fact("processes", $"{processes.Count}", $"{ExplainContext.ProcRoot}/*/ns/pid, {ExplainContext.ProcRoot}/*/cgroup",
                "They are ordinary processes of this host: ps shows them, and kill works on them by their host pid.");
        }
        else
        {
            notes.Fact("container", "no", context.Host.HostNamespacesSource,
                "This is an ordinary process of the host: it shares every namespace and the root directory with it.");
        }

        if (supervisor is not null)
        {
            notes.Fact("supervisor", $"{supervisor.Command} (pid {supervisor.Pid})",
                ExplainContext.SourceOf(context.Members.First.Pid, "stat"), supervisor.Role);
        }

        var joined = processes.Count(process => process.Pid != context.Members.First.Pid
            && process.FoundBy != Membership.Descendant && !context.Members.Found.ContainsKey(process.ParentPid));
        if (joined > 0)
        {
            notes.Fact("joined", $"{joined}", $"{ExplainContext.ProcRoot}/*/stat",
                "Processes whose parent is outside came in later, by exec or nsenter; inside, their parent pid is 0.");
        }
    }

    private static ContainerProcess? Describe(ExplainContext context, int pid, Membership membership)
    {
        try
        {
            // What is explained has been read already.
            if ((pid == context.Pid ? context.Status : context.Proc.Status(pid)) is not { } status)
                return null;
            return new ContainerProcess
            {
                Pid = pid,
                ContainerPid = status.InnermostPid,
                ParentPid = status.ParentPid,
                Command = Command(context, pid, status.Name),
                HostUid = status.User.Effective,
                ContainerUid = ExplainContext.Inside(context.UserMap, status.User.Effective),
                State = status.State,
                ResidentBytes = status.ResidentKilobytes * 1024,
                FoundBy = membership,
            };
        }
        catch (LinuxException)
        {
            return null; // hidepid: the process was seen, but is no longer shown to this reader.
        }
    }

    private static string Command(ExplainContext context, int pid, string name)
    {
        var arguments = context.Proc.CommandLine(pid);
        return arguments is { Count: > 0 } ? string.Join(' ', context.Redactor.Redact(arguments)) : $"[{name}]";
    }

    private static Supervisor? DescribeSupervisor(ExplainContext context)
    {
        if (context.Members.Supervisor is not { } parent || context.IsContainer != true)
            return null;
        var known = EngineMarks.FromSupervisor(parent.Command);
        return new Supervisor
        {
            Pid = parent.Pid,
            Command = parent.Command,
            Engine = known?.Engine,
            Role = known?.Role ?? (parent.Pid == 1
                ? "Its parent ended and pid 1 adopted it: nothing supervises it."
                : "An ordinary program: it started the container's first process and is told when it ends."),
        };
    }
}
