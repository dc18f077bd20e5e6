using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime.Containers;

/// <summary>A container that was created: what it is now is asked of the kernel each time.</summary>
public sealed class Container
{
    private const int KillPatience = 10_000;
    private const int ExecPatience = 1_000;

    private readonly CgroupLayout? _layout;
    private ContainerCgroup? _cgroup;

    internal Container(ContainerDirectory directory, ContainerRecord record, CgroupLayout? layout = null)
    {
        Location = directory;
        Record = record;
        _layout = layout;
    }

    public ContainerDirectory Location { get; }

    public ContainerRecord Record { get; }

    /// <summary>Its cgroup, or null where it has none of its own.</summary>
    public ContainerCgroup? Cgroup => Record.Cgroup.Length > 0 ? _cgroup ??= ContainerCgroup.FromText(Record.Cgroup, _layout) : null;

    /// <summary>What it is at this moment.</summary>
    public ContainerStatus Status
    {
        get
        {
            if (!IsAlive)
                return Record.Pid == 0 && Location.IsLocked ? ContainerStatus.Creating : ContainerStatus.Stopped;
            using var fifo = Location.OpenFifo();
            if (fifo is not null)
                return ContainerStatus.Created;
            if (Location.HasUnfinishedFifo && Location.IsLocked)
                return ContainerStatus.Creating;
            return Cgroup?.Cgroup.IsFrozen == true ? ContainerStatus.Paused : ContainerStatus.Running;
        }
    }

    /// <summary>Its first process, held so that it cannot become another; null where it has ended.</summary>
    public SafeFileHandle? OpenProcess()
    {
        if (Record.Pid == 0)
            return null;
        try
        {
            var pidFd = PidFd.Open(Record.Pid);
            if (IsAlive)
                return pidFd;
            pidFd.Dispose();
            return null;
        }
        catch (LinuxException e) when (e.Errno is Errno.ESRCH or Errno.EINVAL)
        {
            return null;
        }
    }

    /// <summary>A process for it, with the HOME that the container's own files say where it has none.</summary>
    public ProcessSpec Complete(ProcessSpec process) =>
        process.User is null ? process : HomeDirectory.Add(process, $"/proc/{Record.Pid}/root");

    /// <summary>The configuration that it was created with.</summary>
    public Spec ReadConfiguration() => Location.ReadConfiguration();

    /// <summary>Lets the first process execute its command: (1) startContainer hooks, (2) go, (3) poststart hooks.</summary>
    /// <exception cref="VitrineException">It is not waiting for that, or a hook failed: the container is then stopped.</exception>
    public void Start()
    {
        using var locked = Location.Lock();
        using var fifo = Location.OpenFifo();
        if (fifo is null)
            throw CannotStart();
        var spec = Record.HasHooks ? ReadConfiguration() : null;
        try
        {
            if (spec is not null)
                RunStartHooks(spec);
            Fd.WriteAll(fifo, "0"u8);
            // The fifo's last reader goes when the command is executed.
            Poll.Wait(fifo, PollEvents.None, ExecPatience);
            Location.RemoveFifo();
            if (spec is not null)
                new HookRunner(StateText.ForHook(Record, ContainerStatus.Running)).OnHost("poststart", spec.Hooks?.Poststart);
        }
        catch
        {
            Kill();
            throw;
        }
    }

    /// <summary>Sends a signal to the first process, or to every process of the container.</summary>
    /// <exception cref="VitrineException">It has none: "container not running", which callers look for.</exception>
    public void Signal(int signal, bool all)
    {
        using var process = OpenProcess();
        if (all && Cgroup is { } cgroup && (process is null || signal != Signals.SIGKILL))
            SignalAll(cgroup, signal, process is not null);
        else if (process is null || !PidFd.Signal(process, signal))
            throw NotRunning();
        else if (all)
            Cgroup?.KillAll();
    }

    /// <summary>Removes it: kills what runs where forced, then cgroup and directory, then the poststop hooks.</summary>
    /// <param name="force">Whether a running container is killed.</param>
    /// <param name="warn">Takes what a poststop hook that failed said.</param>
    /// <exception cref="VitrineException">It is running and that is not forced.</exception>
    public void Delete(bool force, Action<string> warn)
    {
        if (!force && Status is var status && !status.CanDelete())
            throw new VitrineException(ErrorKind.Conflict, $"cannot delete container {Record.Id} that is not stopped: {status.ToText()}");
        // Whoever is in the middle of its creation or start fails now, cleans up, and lets go of the lock.
        Kill();
        try
        {
            using var locked = Location.Lock();
            Destroy(warn);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT && !Location.Exists)
        {
            // The creation that failed has removed everything.
        }
    }

    /// <summary>Ends everything that runs in it.</summary>
    public void Kill()
    {
        using (var process = OpenProcess())
        {
            if (process is not null && PidFd.Signal(process, Signals.SIGKILL))
            {
                // A frozen process takes the signal when it thaws (cgroup v1).
                if (Cgroup is { } cgroup && cgroup.Cgroup.IsFrozen)
                    cgroup.Cgroup.Thaw();
                Poll.Wait(process, PollEvents.Read, KillPatience);
            }
        }

        Cgroup?.KillAll();
    }

    internal void Destroy(Action<string> warn)
    {
        var spec = Record.HasHooks ? ReadConfiguration() : null;
        Cgroup?.KillAll();
        Cgroup?.Delete();
        ResctrlGroup.Remove(spec?.Linux?.IntelRdt, Record.Id);
        Location.Remove();
        foreach (var hook in spec?.Hooks?.Poststop ?? [])
        {
            try
            {
                new HookRunner(StateText.ForHook(Record, ContainerStatus.Stopped)).OnHost("poststop", [hook]);
            }
            catch (VitrineException e)
            {
                warn(e.Message);
            }
        }
    }

    /// <summary>An error for what needs a running container.</summary>
    public static VitrineException NotRunning() => new(ErrorKind.Conflict, "container not running");

    private bool IsAlive => Record.Pid > 0 && ProcFs.Host.Stat(Record.Pid) is { IsDead: false } stat && stat.StartTime == Record.StartTime;

    private void RunStartHooks(Spec spec)
    {
        if (spec.Hooks?.StartContainer is not { Count: > 0 } hooks)
            return;
        using var process = OpenProcess() ?? throw NotRunning();
        var target = new ExecTarget(Record.Pid, process);
        new HookRunner(StateText.ForHook(Record, ContainerStatus.Created))
            .InContainer("startContainer", hooks, hook => SetupCompiler.CompileStartHook(spec, hook, target), Cgroup);
    }

    private VitrineException CannotStart()
    {
        var status = Status;
        var text = status switch
        {
            ContainerStatus.Stopped => "cannot start a container that has stopped",
            ContainerStatus.Running => "cannot start an already running container",
            _ => string.Create(CultureInfo.InvariantCulture, $"cannot start a container in the {status.ToText()} state"),
        };
        return new VitrineException(ErrorKind.Conflict, text);
    }

    private static void SignalAll(ContainerCgroup cgroup, int signal, bool alive)
    {
        if (signal == Signals.SIGKILL)
        {
            cgroup.KillAll();
            return;
        }

        if (!alive && cgroup.Cgroup.Processes().Count == 0)
            throw NotRunning();
        cgroup.Cgroup.Signal(signal);
    }
}
