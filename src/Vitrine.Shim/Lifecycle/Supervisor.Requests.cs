using Vitrine.Linux;
using Vitrine.Runtime;
using Vitrine.Shim.Loop;
using Vitrine.ShimProtocol;

namespace Vitrine.Shim.Lifecycle;

/// <content>What clients ask for.</content>
internal sealed partial class Supervisor
{
    private readonly Dictionary<int, Action<ExitStatus>> _execs = [];

    /// <summary>Sends a signal to the process. One that is meant to end it also ends its restarting, as docker kill does.</summary>
    /// <exception cref="VitrineException">It is not running.</exception>
    /// <exception cref="LinuxException">There is no such signal.</exception>
    public void Signal(int signal)
    {
        var ends = signal == Signals.SIGKILL || signal == _bundle.Plan.StopSignal;
        if (_phase is Phase.Waiting && ends)
        {
            Abandon();
            return;
        }
        if (_phase is not Phase.Running)
            throw NotRunning();
        PidFd.Signal(_process!.PidFd, signal);
        Events.Signalled(signal);
        if (!ends)
            return;
        ForgetPolicy();
        Thaw();
    }

    /// <summary>Sets the size of the process's terminal.</summary>
    /// <exception cref="VitrineException">It has none, or is not running.</exception>
    public void Resize(TerminalSize size)
    {
        if (Streams is not { } streams)
            throw NotRunning();
        if (!streams.Resize(size))
            throw new VitrineException(ErrorKind.Conflict, $"container {_bundle.Plan.Id} has no terminal");
        Events.Tell("resize", "height", ContainerEvents.Number(size.Rows), "width", ContainerEvents.Number(size.Columns));
    }

    /// <summary>Stops the container for good: the signal, time to obey, SIGKILL.</summary>
    /// <exception cref="VitrineException">It was not started yet.</exception>
    /// <exception cref="LinuxException">There is no such signal.</exception>
    public void Stop(StopRequest request)
    {
        if (_phase is Phase.Prepared)
            throw NotRunning();
        Keep |= request.Keep;
        _isStop |= !request.IsKill;
        Stop(request.Signal ?? _bundle.Plan.StopSignal, request.Timeout ?? _bundle.Plan.StopTimeout);
        ForgetPolicy();
    }

    /// <summary>The host goes down: stops the container, which the engine may start again at the next boot.</summary>
    public void Shutdown()
    {
        _policy.Cancel();
        _restartsAnyway = false;
        if (_phase is not Phase.Prepared)
            Stop(_bundle.Plan.StopSignal, _bundle.Plan.StopTimeout);
    }

    /// <summary>Starts a further process in the container.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="io">Its standard streams; not used where it has a terminal.</param>
    /// <param name="ended">Called when it has ended.</param>
    /// <returns>The process; to be disposed.</returns>
    /// <exception cref="VitrineException">The container is not running, or the process could not be started.</exception>
    public LaunchedProcess Exec(ExecRequest request, StandardIo io, Action<ExitStatus> ended)
    {
        if (_phase is not Phase.Running)
            throw NotNow();
        if (_paused)
            throw new VitrineException(ErrorKind.Conflict, $"Container {_bundle.Plan.Id} is paused, unpause the container before exec");
        var process = LaunchExec(request, io, ended + (status => Events.Tell("exec_die", "execID", request.Id, "exitCode", ContainerEvents.Number(status.Code))));
        Events.Tell("exec_start: " + string.Join(' ', request.Process.Args ?? []), "execID", request.Id);
        return process;
    }

    private SetupProgram Compile(ExecRequest request, ExecTarget target) =>
        SetupCompiler.CompileExec(_bundle.Spec, request.Process, target, request.Privileged);

    /// <summary>Starts a health check in the container: the same user, limits and environment as its process has.</summary>
    /// <returns>The process; to be disposed.</returns>
    /// <exception cref="VitrineException">It could not be started.</exception>
    public LaunchedProcess RunCheck(IReadOnlyList<string> command, StandardIo io, Action<ExitStatus> ended) =>
        Launch(new ExecRequest { Process = _bundle.Spec.Process! with { Args = command, Terminal = false, ConsoleSize = null } }, io, ended);

    /// <summary>A check has ended, and the next one is some time off.</summary>
    public void CheckEnded() => Worked?.Invoke();

    /// <summary>Does to a container that has become unhealthy what was asked for (podman's --health-on-failure).</summary>
    public void ActOnFailure(string action)
    {
        if (_phase is not Phase.Running)
            return;
        switch (action)
        {
            case "kill":
                PidFd.Signal(_process!.PidFd, Signals.SIGKILL);
                Events.Signalled(Signals.SIGKILL);
                break;
            case "restart":
                _restartsAnyway = true;
                Stop(_bundle.Plan.StopSignal, _bundle.Plan.StopTimeout);
                break;
            case "stop":
                Stop(new StopRequest());
                break;
        }
    }

    /// <summary>One whose process has just ended, which this loop is about to see, says so rather than where it was noticed.</summary>
    private LaunchedProcess LaunchExec(ExecRequest request, StandardIo io, Action<ExitStatus> ended)
    {
        try
        {
            return Launch(request, io, ended);
        }
        catch (SetupException) when (Poll.Wait(_process!.PidFd, PollEvents.Read, 0) != 0)
        {
            throw NotRunning();
        }
    }

    private LaunchedProcess Launch(ExecRequest request, StandardIo io, Action<ExitStatus> ended)
    {
        var target = new ExecTarget(_process!.Pid, _process.PidFd) { ContainerId = _bundle.Plan.Id, BundlePath = _bundle.BundlePath };
        var process = Guard(() => Launcher.Launch(Compile(request, target), io, _cgroup));
        _execs.Add(process.Pid, ended);
        return process;
    }

    private void Stop(int signal, int timeout)
    {
        if (_phase is Phase.Waiting)
            Abandon();
        if (_phase is not Phase.Running)
            return;
        PidFd.Signal(_process!.PidFd, _stop.Ask(signal, timeout, EventLoop.Now));
        Events.Signalled(signal);
        Thaw();
        if (_stop.Deadline is { } deadline)
            _stopTimer.Set(deadline - EventLoop.Now);
    }

    private void OnStopTimer()
    {
        if (_phase is not Phase.Running || _stop.Tick(EventLoop.Now) is not { } signal)
            return;
        PidFd.Signal(_process!.PidFd, signal);
        Events.Signalled(signal);
    }

    /// <summary>Between two runs: the next one does not come.</summary>
    private void Abandon()
    {
        _restartTimer.Cancel();
        ForgetPolicy();
        _recorder.GaveUp(_stoppedByUser);
        _phase = Phase.Ended;
        RunEnded?.Invoke(LastExit);
    }

    private void ForgetPolicy()
    {
        _policy.Cancel();
        _restartsAnyway = false;
        _stoppedByUser = true;
    }

    /// <summary>What is asked for needs a process that runs.</summary>
    private VitrineException NotNow() => _phase is Phase.Waiting
        ? new VitrineException(ErrorKind.Conflict, $"Container {_bundle.Plan.Id} is restarting, wait until the container is running")
        : NotRunning();

    private VitrineException NotRunning() => new(ErrorKind.Conflict, $"container {_bundle.Plan.Id} is not running");
}
