using Vitrine.Linux;
using Vitrine.Runtime;
using Vitrine.Shim.Control;
using Vitrine.Shim.Lifecycle;
using Vitrine.Shim.Loop;
using Vitrine.Shim.Networking;
using Vitrine.ShimProtocol;

namespace Vitrine.Shim;

/// <summary>
/// A container's whole life: (1) wait to be told to start, (2) prepare, (3) start, (4) run until it has ended for good,
/// (5) clean up, (6) tell those who wait. In 1 it knows nothing but where its plan will be - an engine boots it while it makes
/// the container - and can leave without a trace; whatever fails in 2 or 3 is answered to the boot connection.
/// </summary>
internal sealed class Shim : IDisposable
{
    private const int LockPatience = 10_000;
    private const int TrimDelay = 300;
    private const int CannotStart = 125;

    private readonly EventLoop _loop = new();
    private readonly ControlServer _control;
    private readonly SignalFd _signals;
    private readonly Watch _signalWatch;
    private readonly LoopTimer _trim;
    private Supervisor? _supervisor;

    public Shim(SeqpacketSocket boot)
    {
        _trim = _loop.Timer(Trim);
        _control = new ControlServer(_loop, boot, () => _trim.Set(TrimDelay));
        _signals = SignalFd.Create(ShimClient.ShimSignals);
        _signalWatch = _loop.Watch(_signals.Handle, EpollEvents.Read, _ => OnSignals());
    }

    /// <summary>Runs the container of a plan.</summary>
    /// <returns>The shim's own exit code: 0 where the process was started, or the start was never asked for.</returns>
    public int Run(string planPath)
    {
        _loop.RunUntil(() => _control.StartRequested || _control.IsAbandoned);
        if (_control.IsAbandoned)
            return 0;
        FileLock? mine = null;
        ContainerNetwork? network = null;
        try
        {
            var plan = Bundle.LoadPlan(planPath);
            mine = TakeLock(plan);
            network = ContainerNetwork.Open(plan, _loop, () => _trim.Set(TrimDelay));
            var bundle = Bundle.Load(plan, network);
            ThisProcess.BecomeSubreaper();
            return Run(plan, bundle) ? 0 : CannotStart;
        }
        catch (Exception e) when (e is VitrineException or IOException or UnauthorizedAccessException or ArgumentException or DllNotFoundException)
        {
            network?.Release();
            _control.Failed(e.Message, e is SetupException setup ? setup.ExitCode : CannotStart);
            return CannotStart;
        }
        finally
        {
            network?.Dispose();
            // Who waits for the lock may start or remove the container while a slow client still reads its last output.
            mine?.Dispose();
            _loop.RunUntil(() => _control.IsFlushed);
        }
    }

    public void Dispose()
    {
        _control.Dispose();
        _supervisor?.Dispose();
        _signalWatch.Dispose();
        _signals.Dispose();
        _loop.Dispose();
    }

    /// <summary>Steps 3 to 6; false where the start failed.</summary>
    private bool Run(ShimPlan plan, Bundle bundle)
    {
        var volumes = new VolumeMounts(plan.Volumes);
        var cleanup = new Cleanup(bundle, volumes);
        try
        {
            volumes.Acquire();
            Start(plan, bundle);
        }
        catch (Exception e) when (e is VitrineException or IOException or UnauthorizedAccessException)
        {
            cleanup.Run(_supervisor, keep: false);
            _control.Failed(e.Message, e is SetupException setup ? setup.ExitCode : CannotStart);
            cleanup.DeleteHidden();
            return false;
        }

        _loop.RunUntil(() => _supervisor!.HasEnded);
        var removed = cleanup.Run(_supervisor, _supervisor!.Keep);
        // What the cgroup still held has ended with it.
        Reap();
        _control.Finish(_supervisor.LastExit with { Removed = removed, Error = _supervisor.LastExit.Error + cleanup.Problems });
        cleanup.DeleteHidden();
        return true;
    }

    private void Start(ShimPlan plan, Bundle bundle)
    {
        Directory.CreateDirectory(plan.RunDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Delete(Path.Join(plan.RunDirectory, ShimClient.SocketName));
        _supervisor = new Supervisor(bundle, _loop, _control.Clients);
        _supervisor.Worked += () => _trim.Set(TrimDelay);
        _control.Serve(_supervisor, plan);
        _control.Listen(plan.RunDirectory);
        _control.Started(_supervisor.Start());
    }

    /// <summary>The shim of the run before may be at its last steps; whoever looks at the container holds the lock for an instant.</summary>
    private static FileLock TakeLock(ShimPlan plan)
    {
        var path = Path.Join(plan.ContainerDirectory, "shim.lock");
        for (var deadline = EventLoop.Now + LockPatience; ;)
        {
            if (FileLock.TryAcquire(path) is { } taken)
                return taken;
            if (EventLoop.Now > deadline)
                throw new VitrineException(ErrorKind.Conflict, $"container {plan.Id} is running already");
            Thread.Sleep(1);
        }
    }

    private void OnSignals()
    {
        while (_signals.Read() is { } signal)
        {
            if (signal == Signals.SIGCHLD)
                Reap();
            else if (signal != Signals.SIGHUP)
                _supervisor?.Shutdown();
        }
    }

    private void Reap()
    {
        while (ThisProcess.ReapAny() is var (pid, status))
            _supervisor?.ChildEnded(pid, status);
    }

    /// <summary>What starts and execs needed is garbage now, and a shim may idle for months.</summary>
    private static void Trim()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ThisProcess.TrimHeap();
    }
}
