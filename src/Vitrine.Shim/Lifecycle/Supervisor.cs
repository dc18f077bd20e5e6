using Vitrine.Linux;
using Vitrine.Runtime;
using Vitrine.Shim.Health;
using Vitrine.Shim.Loop;
using Vitrine.Shim.Streams;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Logs;

namespace Vitrine.Shim.Lifecycle;

/// <summary>
/// Runs the container's first process: starts it, takes its output, sees it end, starts it again where the restart policy
/// says so. (1) Prepared, until Start; (2) Running; (3) Draining: ended, its last output being taken; (4) Waiting for the next
/// start, back to 2; or (5) Ended.
/// </summary>
internal sealed partial class Supervisor : IDisposable
{
    /// <summary>How long output is waited for when the process has ended: only somebody outside can hold the pipe then.</summary>
    private const int DrainPatience = 2000;

    private readonly Bundle _bundle;
    private readonly EventLoop _loop;
    private readonly StateRecorder _recorder;
    private readonly RestartPolicy _policy;
    private readonly OutputHub _hub;
    private readonly HealthMonitor? _health;
    private readonly LogWriter? _log;
    private readonly LoopTimer _stopTimer;
    private readonly LoopTimer _drainTimer;
    private readonly LoopTimer _restartTimer;
    private readonly byte[] _buffer = new byte[ShimChannel.MaxStreamBytes];

    private Phase _phase = Phase.Prepared;
    private StopSequence _stop = new();
    private ContainerCgroup? _cgroup;
    private MemoryWatch? _memory;
    private ContainerStreams? _streams;
    private LaunchedProcess? _process;
    private ExitStatus _status;
    private long _startedAt;
    private long _oomKills;
    private bool _stoppedByUser;
    private bool _isStop;
    private bool _restartsAnyway;

    /// <param name="bundle">What to run.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="clients">Who gets the output.</param>
    public Supervisor(Bundle bundle, EventLoop loop, IReadOnlyCollection<IOutputClient> clients)
    {
        _bundle = bundle;
        _loop = loop;
        _recorder = new StateRecorder(bundle.Plan);
        _policy = new RestartPolicy(bundle.Plan.Restart);
        Events = new ContainerEvents(bundle);
        var log = bundle.Plan.Log;
        if (log.Driver != "none")
            _log = new LogWriter(Path.Join(bundle.Plan.ContainerDirectory, "log.jsonl"), log.MaxSize, log.MaxFiles);
        _hub = new OutputHub(_log, clients);
        _hub.StreamEnded += OnStreamEnded;
        _stopTimer = loop.Timer(OnStopTimer);
        _drainTimer = loop.Timer(() => _streams?.FinishOutput());
        _restartTimer = loop.Timer(Restart);
        if (bundle.Plan.Health is { } health)
            _health = new HealthMonitor(this, loop, health, bundle.Plan.ContainerDirectory);
    }

    private enum Phase
    {
        Prepared,
        Running,
        Draining,
        Waiting,
        Ended,
    }

    /// <summary>Called after each end of the process, its output having been taken and its state written.</summary>
    public event Action<ExitedReply>? RunEnded;

    /// <summary>Called after work that leaves garbage behind.</summary>
    public event Action? Worked;

    /// <summary>Called when the process has read its input and clients may send more.</summary>
    public event Action? InputDrained;

    /// <summary>Who is told of what happens.</summary>
    public ContainerEvents Events { get; }

    public bool HasStarted => _phase is not Phase.Prepared;

    /// <summary>Whether there will be no further start.</summary>
    public bool HasEnded => _phase is Phase.Ended;

    /// <summary>Whether the process runs; its output may then be made to wait for slow clients.</summary>
    public bool IsRunning => _phase is Phase.Running;

    /// <summary>Whether to leave the container in place though the plan would remove it.</summary>
    public bool Keep { get; private set; }

    /// <summary>How the last run ended.</summary>
    public ExitedReply LastExit { get; private set; } = new();

    /// <summary>The streams of the running process; null without one.</summary>
    public ContainerStreams? Streams => _phase is Phase.Running ? _streams : null;

    /// <summary>The first start.</summary>
    /// <exception cref="VitrineException">It could not be started; recorded, and nothing is left of the attempt but the directory.</exception>
    public StartedReply Start()
    {
        try
        {
            return Guard(() =>
            {
                if (_bundle.Spec.Linux is { CgroupsPath: { } path } linux)
                {
                    _cgroup = ContainerCgroup.Create(path, linux.Resources, _bundle.Layout);
                    _memory = MemoryWatch.Open(_cgroup, linux.Resources, _loop, Events);
                }
                return Launch();
            });
        }
        catch (SetupException e)
        {
            RecordFailure(e);
            throw;
        }
    }

    /// <summary>One of this process's children has ended.</summary>
    public void ChildEnded(int pid, ExitStatus status)
    {
        if (_process?.Pid == pid)
            OnProcessEnded(status);
        else if (_execs.Remove(pid, out var ended))
            ended(status);
    }

    /// <summary>Removes the cgroup, with whatever is still in it.</summary>
    /// <exception cref="LinuxException">A process in it cannot be killed.</exception>
    public void RemoveCgroup()
    {
        if (_cgroup is null)
            return;
        _memory?.Dispose();
        _memory = null;
        if (!HasOwnPidNamespace)
            _cgroup.KillAll();
        _cgroup.Delete();
        _cgroup = null;
    }

    public void Dispose()
    {
        _streams?.Dispose();
        _process?.Dispose();
        _log?.Dispose();
    }

    /// <summary>Whether the kernel kills everything in the container when its first process ends.</summary>
    private bool HasOwnPidNamespace
    {
        get
        {
            foreach (var space in _bundle.Spec.Linux?.Namespaces ?? [])
            {
                if (space.Type == "pid")
                    return space.Path is null;
            }
            return false;
        }
    }

    private StartedReply Launch()
    {
        _oomKills = _cgroup?.OomKills ?? 0;
        _streams = new ContainerStreams(_buffer);
        try
        {
            _process = _streams.Launch(_bundle.Program, _cgroup, _bundle.Plan, _loop, _hub, () => InputDrained?.Invoke());
        }
        catch
        {
            _streams.Dispose();
            _streams = null;
            throw;
        }
        _phase = Phase.Running;
        _stop = new StopSequence();
        _startedAt = EventLoop.Now;
        _recorder.Started(_process.Pid, DateTimeOffset.UtcNow, _policy.Count);
        Events.Prepared();
        Events.Tell("start");
        _health?.Started();
        return new StartedReply { Pid = _process.Pid, Notes = _bundle.Network?.Warnings ?? [], Warnings = [.. _bundle.Program.Warnings, .. _cgroup?.Warnings ?? [], .. _process.Warnings] };
    }

    private void OnProcessEnded(ExitStatus status)
    {
        _status = status;
        _phase = Phase.Draining;
        _stopTimer.Cancel();
        _health?.Stop();
        ForgetPause();
        KillRest();
        _streams!.SetPaused(false);
        if (_streams.HaveEnded)
            CompleteRun();
        else
            _drainTimer.Set(DrainPatience);
    }

    /// <summary>Without a pid namespace of its own, what the process left behind runs on, and holds its output open.</summary>
    private void KillRest()
    {
        if (HasOwnPidNamespace)
            return;
        try
        {
            _cgroup?.KillAll();
        }
        catch (LinuxException)
        {
            // In uninterruptible sleep: removing the cgroup fails later and says so.
        }
    }

    private void OnStreamEnded()
    {
        if (_phase is Phase.Draining && _streams!.HaveEnded)
            CompleteRun();
    }

    private void CompleteRun()
    {
        _drainTimer.Cancel();
        _streams!.Dispose();
        _process!.Dispose();
        (_streams, _process) = (null, null);

        var delay = _restartsAnyway ? _policy.Again() : _policy.Next(_status.Code, EventLoop.Now - _startedAt);
        _restartsAnyway = false;
        var now = DateTimeOffset.UtcNow;
        var oomKilled = _cgroup?.OomKills > _oomKills;
        if (delay is null && _bundle.Plan.AutoRemove && !Keep)
            _recorder.EndedForGood(_status);
        else
            _recorder.Ended(_status, oomKilled, now, _policy.Count, restarting: delay is not null, _stoppedByUser);
        LastExit = new ExitedReply { ExitCode = _status.Code, Signal = _status.Signal, OomKilled = oomKilled, FinishedAt = now };
        TellEnd(oomKilled);
        _phase = delay is null ? Phase.Ended : Phase.Waiting;
        if (delay is { } wait)
            _restartTimer.Set(wait);
        RunEnded?.Invoke(LastExit);
    }

    private void TellEnd(bool oomKilled)
    {
        _memory?.Check();
        if (oomKilled && _memory is null)
            Events.Tell("oom");
        var seconds = (EventLoop.Now - _startedAt) / 1000;
        Events.Tell("die", "exitCode", ContainerEvents.Number(_status.Code), "execDuration", ContainerEvents.Number(seconds));
        Events.Released();
        if (_isStop)
            Events.Tell("stop");
    }

    private void Restart()
    {
        try
        {
            Guard(Launch);
            Worked?.Invoke();
        }
        catch (SetupException e)
        {
            RecordFailure(e);
            LastExit = LastExit with { ExitCode = e.ExitCode, Signal = null, Error = e.Message, FinishedAt = DateTimeOffset.UtcNow };
            RunEnded?.Invoke(LastExit);
        }
    }

    private void RecordFailure(SetupException failure)
    {
        _phase = Phase.Ended;
        _recorder.FailedToStart(failure.Message, failure.ExitCode);
    }

    /// <summary>All that can go wrong with a start, as one kind of error.</summary>
    private static T Guard<T>(Func<T> start)
    {
        try
        {
            return start();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or VitrineException and not SetupException)
        {
            throw new SetupException(e.Message, cause: e);
        }
    }
}
