using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Oci.Runtime.Reading;
using Vitrine.Runtime;
using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>exec: a further process in a running container.</summary>
internal static class ExecVerb
{
    public static Verb Exec { get; } = new("exec", "execute new process inside the container",
        "<container-id> <command> [command options]  || -p process.json <container-id>",
    [
        new("console-socket", FlagKind.Text, "path to an AF_UNIX socket which will receive the master end of the console's pseudoterminal"),
        new("pidfd-socket", FlagKind.Text, "path to an AF_UNIX socket which will receive a pidfd of the process"),
        new("cwd", FlagKind.Text, "current working directory in the container"),
        new("env", FlagKind.Texts, "set environment variables", Short: "e"),
        new("tty", FlagKind.Switch, "allocate a pseudo-TTY", Short: "t"),
        new("user", FlagKind.Text, "UID (format: <uid>[:<gid>])", Short: "u"),
        new("additional-gids", FlagKind.Texts, "additional gids", Short: "g"),
        new("process", FlagKind.Text, "path to the process.json", Short: "p"),
        new("detach", FlagKind.Switch, "detach from the container's process", Short: "d"),
        new("pid-file", FlagKind.Text, "specify the file to write the process id to"),
        new("process-label", FlagKind.Text, "set the SELinux process label for the process"),
        new("apparmor", FlagKind.Text, "set the apparmor profile for the process"),
        new("no-new-privs", FlagKind.Switch, "set the no new privileges value for the process"),
        new("cap", FlagKind.Texts, "add a capability to the bounding set for the process", Short: "c"),
        new("preserve-fds", FlagKind.Number, "pass N additional file descriptors to the container (stdio + $LISTEN_FDS + N in total)", Default: "0"),
        new("cgroup", FlagKind.Texts, "run the process in an (existing) sub-cgroup"),
        new("ignore-paused", FlagKind.Switch, "allow exec in a paused container"),
    ], 1, int.MaxValue, Run)
    {
        FailureCode = 255,
    };

    private static int Run(OciContext context, ParsedLine line)
    {
        var container = context.Store.Find(line.Arguments[0]);
        CheckStatus(container.Status, line.IsSet("ignore-paused"));
        var spec = container.ReadConfiguration();
        var process = line.Text("process") is { } path ? ReadProcess(path) : ExecProcess.FromFlags(spec, line);
        var detached = line.IsSet("detach");
        var attachment = Attachment.Of(line, detached);
        attachment.CheckTerminal(process.Terminal);

        using var init = container.OpenProcess() ?? throw new VitrineException(ErrorKind.Conflict, "cannot exec in a stopped container");
        var ties = new ProcessTies(Outlives: true, attachment.PreservedFiles);
        var target = new ExecTarget(container.Record.Pid, init) { ContainerId = container.Record.Id, BundlePath = container.Record.Bundle };
        var program = SetupCompiler.CompileExec(spec, container.Complete(process), target, ties);
        using var session = detached ? null : new ForegroundSession();
        var io = program.Terminal ? StandardIo.Terminal : new StandardIo(Fd.StandardInput, Fd.StandardOutput, Fd.StandardError);
        using var launched = Launcher.Launch(program, io, CgroupOf(container, line.Texts("cgroup")));
        foreach (var warning in (IEnumerable<string>)[.. program.Warnings, .. launched.Warnings])
            context.Log.Warn(warning);
        Deliver(attachment, launched);
        return session?.Wait(launched).Code ?? 0;
    }

    private static void Deliver(Attachment attachment, LaunchedProcess launched)
    {
        try
        {
            attachment.Deliver(launched);
        }
        catch
        {
            PidFd.Signal(launched.PidFd, Signals.SIGKILL);
            throw;
        }
    }

    private static void CheckStatus(ContainerStatus status, bool ignorePaused)
    {
        if (status == ContainerStatus.Paused && !ignorePaused)
            throw new VitrineException(ErrorKind.Conflict, "cannot exec in a paused container (use --ignore-paused to override)");
        if (status != ContainerStatus.Paused && !status.CanExec())
            throw new VitrineException(ErrorKind.Conflict, $"cannot exec in a {status.ToText()} container");
    }

    private static ContainerCgroup? CgroupOf(Container container, IReadOnlyList<string> below) =>
        below.Count == 0 || container.Cgroup is not { } own ? container.Cgroup : SubCgroup.Of(own, below);

    private static ProcessSpec ReadProcess(string path)
    {
        try
        {
            return SpecReader.ReadProcessFile(InputFile.Read(path));
        }
        catch (JsonException e)
        {
            throw new VitrineException(ErrorKind.Invalid, $"{path}: {e.Message}", e);
        }
    }
}
