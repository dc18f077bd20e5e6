namespace Vitrine.Shim.Lifecycle;

/// <content>Pausing, and what else is done to the cgroup of a container that runs.</content>
internal sealed partial class Supervisor
{
    private bool _paused;

    /// <summary>Stops every process of the container from running, until <see cref="Unpause"/> or its end.</summary>
    /// <exception cref="VitrineException">It is not running, or paused already.</exception>
    /// <exception cref="Linux.LinuxException">It cannot be frozen.</exception>
    public void Pause()
    {
        if (_phase is not Phase.Running)
            throw NotNow();
        if (_paused)
            throw new VitrineException(ErrorKind.Conflict, $"Container {_bundle.Plan.Id} is already paused");
        if (_cgroup is null)
            throw new VitrineException(ErrorKind.Conflict, $"cannot pause container {_bundle.Plan.Id}: it has no cgroup of its own");
        _cgroup.Cgroup.Freeze();
        // A check that is under way stands still too, and its time would run.
        _health?.Stop();
        SetPaused(true);
    }

    /// <summary>Lets it run again.</summary>
    /// <exception cref="VitrineException">It is not paused.</exception>
    public void Unpause()
    {
        if (!_paused)
            throw new VitrineException(ErrorKind.Conflict, $"Container {_bundle.Plan.Id} is not paused");
        Thaw();
    }

    /// <summary>Takes over what of the plan was changed.</summary>
    /// <param name="limits">Also the limits, which are in the configuration.</param>
    /// <exception cref="VitrineException">It cannot be read, or a limit is impossible; everything goes on as it was.</exception>
    /// <exception cref="Linux.LinuxException">The kernel refuses a limit.</exception>
    public void Reload(bool limits)
    {
        if (limits && _bundle.ReadLimits() is { } resources)
            _cgroup?.Update(resources);
        _bundle.Reload();
        _bundle.Network?.Reload();
        _policy.Plan = _bundle.Plan.Restart;
    }

    /// <summary>A signal was sent that shall be heeded.</summary>
    private void Thaw()
    {
        if (!_paused)
            return;
        _cgroup!.Cgroup.Thaw();
        _health?.SetNext();
        SetPaused(false);
    }

    private void SetPaused(bool value)
    {
        _paused = value;
        _recorder.Paused(value);
        Events.Tell(value ? "pause" : "unpause");
    }

    /// <summary>The process of a paused container has ended: the next one must not begin frozen.</summary>
    private void ForgetPause()
    {
        if (_paused)
            _cgroup!.Cgroup.Thaw();
        _paused = false;
    }
}
