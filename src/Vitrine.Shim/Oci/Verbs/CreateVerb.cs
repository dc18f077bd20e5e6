using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>create and run: make a container, and in run's case see it through to its end.</summary>
internal static class CreateVerb
{
    private const string Summary = "create a container";

    private static readonly Flag[] s_flags =
    [
        new("bundle", FlagKind.Text, "path to the root of the bundle directory, defaults to the current directory", Short: "b"),
        new("console-socket", FlagKind.Text, "path to an AF_UNIX socket which will receive the master end of the console's pseudoterminal"),
        new("pidfd-socket", FlagKind.Text, "path to an AF_UNIX socket which will receive a pidfd of the container's first process"),
        new("pid-file", FlagKind.Text, "specify the file to write the process id to"),
        new("no-pivot", FlagKind.Switch, "accepted; pivot_root is always used, and works on a ramdisk too"),
        new("no-new-keyring", FlagKind.Switch, "accepted; a container always gets a session keyring of its own"),
        new("preserve-fds", FlagKind.Number, "pass N additional file descriptors to the container (stdio + $LISTEN_FDS + N in total)", Default: "0"),
    ];

    public static Verb Create { get; } = new("create", Summary, "<container-id>", s_flags, 1, 1, RunCreate);

    public static Verb Run { get; } = new("run", "create and run a container", "<container-id>",
    [
        .. s_flags,
        new("detach", FlagKind.Switch, "detach from the container's process", Short: "d"),
        new("keep", FlagKind.Switch, "do not delete the container after it exits"),
        new("no-subreaper", FlagKind.Switch, "accepted; what a container leaves behind is killed, not adopted"),
    ], 1, 1, RunRun);

    private static int RunCreate(OciContext context, ParsedLine line)
    {
        var (_, process) = ContainerCreation.Run(context.Store, Request(context, line, Attachment.Of(line, detached: true)));
        process.Dispose();
        return 0;
    }

    private static int RunRun(OciContext context, ParsedLine line)
    {
        var detached = line.IsSet("detach");
        var request = Request(context, line, Attachment.Of(line, detached)) with { WaitsForStart = false };
        using var session = detached ? null : new ForegroundSession();
        var (container, process) = ContainerCreation.Run(context.Store, request);
        using (process)
        {
            if (session is null)
                return 0;
            var status = session.Wait(process);
            if (!line.IsSet("keep"))
                container.Delete(force: true, context.Log.Warn);
            return status.Code;
        }
    }

    private static CreationRequest Request(OciContext context, ParsedLine line, Attachment attachment) => new()
    {
        Id = line.Arguments[0],
        Bundle = Path.GetFullPath(line.Text("bundle") ?? "."),
        PreservedFiles = attachment.PreservedFiles,
        Rootless = context.Rootless,
        SystemdCgroup = context.SystemdCgroup,
        CheckTerminal = attachment.CheckTerminal,
        Finished = attachment.Deliver,
        Warn = context.Log.Warn,
        Crash = context.Crash,
    };
}
