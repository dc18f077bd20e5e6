using Vitrine.Linux;
using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>start, kill, delete, pause and resume.</summary>
internal static class LifecycleVerbs
{
    public static Verb Start { get; } = new("start", "executes the user defined process in a created container", "<container-id>", [], 1, 1,
        static (context, line) =>
        {
            context.Store.Find(line.Arguments[0]).Start();
            return 0;
        });

    public static Verb Kill { get; } = new("kill", "kill sends the specified signal (default: SIGTERM) to the container's init process",
        "<container-id> [signal]", [new("all", FlagKind.Switch, "send the specified signal to all processes inside the container", Short: "a")], 1, 2,
        static (context, line) =>
        {
            var name = line.Arguments.Count > 1 ? line.Arguments[1] : "SIGTERM";
            var container = context.Store.Find(line.Arguments[0]);
            if (!Signals.TryParse(name, out var signal))
                throw new VitrineException(ErrorKind.Invalid, $"unknown signal \"{name}\"");
            container.Signal(signal, line.IsSet("all"));
            return 0;
        });

    public static Verb Delete { get; } = new("delete", "delete any resources held by the container often used with detached container",
        "<container-id>", [new("force", FlagKind.Switch, "forcibly deletes the container if it is still running (uses SIGKILL)", Short: "f")], 1, 1,
        RunDelete);

    public static Verb Pause { get; } = new("pause", "pause suspends all processes inside the container", "<container-id>", [], 1, 1,
        static (context, line) =>
        {
            var container = context.Store.Find(line.Arguments[0]);
            if (!container.Status.CanExec() || container.Cgroup is not { } cgroup)
                throw Container.NotRunning();
            cgroup.Cgroup.Freeze();
            return 0;
        });

    public static Verb Resume { get; } = new("resume", "resumes all processes that have been previously paused", "<container-id>", [], 1, 1,
        static (context, line) =>
        {
            var container = context.Store.Find(line.Arguments[0]);
            if (container.Status != ContainerStatus.Paused)
                throw new VitrineException(ErrorKind.Conflict, "container not paused");
            container.Cgroup!.Cgroup.Thaw();
            return 0;
        });

    private static int RunDelete(OciContext context, ParsedLine line)
    {
        var force = line.IsSet("force");
        try
        {
            context.Store.Find(line.Arguments[0]).Delete(force, context.Log.Warn);
        }
        catch (VitrineException e) when (e.Kind == ErrorKind.NotFound)
        {
            // A creation that was killed at its very beginning leaves a directory without a record.
            context.Store.Of(line.Arguments[0]).RemoveUnrecorded();
            if (!force)
                throw;
        }

        return 0;
    }
}
