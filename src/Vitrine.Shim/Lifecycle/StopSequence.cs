using Vitrine.Linux;

namespace Vitrine.Shim.Lifecycle;

/// <summary>
/// A stop in progress: a signal that asks, a time to obey, SIGKILL. Several may ask; the nearest deadline counts. Only
/// decides: sending and waiting are the caller's.
/// </summary>
internal sealed class StopSequence
{
    /// <summary>When SIGKILL is due, in milliseconds of the caller's clock; null where it never is, or was sent.</summary>
    public long? Deadline { get; private set; }

    /// <summary>Whether SIGKILL was sent.</summary>
    public bool Killed { get; private set; }

    /// <summary>Somebody asks for a stop.</summary>
    /// <param name="signal">The signal to begin with.</param>
    /// <param name="timeout">Seconds until SIGKILL; negative is never.</param>
    /// <param name="now">Milliseconds.</param>
    /// <returns>The signal to send now.</returns>
    public int Ask(int signal, int timeout, long now)
    {
        if (signal == Signals.SIGKILL)
        {
            Killed = true;
            Deadline = null;
        }
        else if (!Killed && timeout >= 0)
        {
            var deadline = now + timeout * 1000L;
            Deadline = Deadline < deadline ? Deadline : deadline;
        }
        return signal;
    }

    /// <summary>Time has passed.</summary>
    /// <returns>The signal to send now, or null.</returns>
    public int? Tick(long now)
    {
        if (!(Deadline <= now))
            return null;
        Deadline = null;
        Killed = true;
        return Signals.SIGKILL;
    }
}
