namespace Vitrine.Linux;

/// <summary>Whether a cgroup's processes run.</summary>
public enum FreezerState
{
    /// <summary>There is no such cgroup, or no freezer.</summary>
    Undefined,
    Thawed,

    /// <summary>Being frozen: some process still runs.</summary>
    Freezing,
    Frozen,
}

public sealed partial class Cgroup
{
    private static readonly TimeSpan s_freezePatience = TimeSpan.FromSeconds(10);

    /// <summary>Stops every process in it and below it from running, until <see cref="Thaw"/>.</summary>
    /// <exception cref="LinuxException">The host has no freezer, or it does not freeze within ten seconds (EBUSY).</exception>
    public void Freeze()
    {
        SetFrozen(true);
        var deadline = Environment.TickCount64 + (long)s_freezePatience.TotalMilliseconds;
        for (var attempt = 1; !IsFrozen; attempt++)
        {
            if (Environment.TickCount64 > deadline)
            {
                SetFrozen(false);
                throw new LinuxException("freeze cgroup", Path, Errno.EBUSY);
            }

            // v1 can stay FREEZING for ever where processes come in meanwhile: asking again, and now and then anew, helps.
            if (Layout.Of("freezer") is not null)
            {
                if (attempt % 50 == 0)
                    SetFrozen(false);
                SetFrozen(true);
            }

            Thread.Sleep(1);
        }
    }

    /// <summary>Lets its processes run again.</summary>
    /// <exception cref="LinuxException">The host has no freezer.</exception>
    public void Thaw() => SetFrozen(false);

    /// <summary>Whether all its processes are frozen.</summary>
    public bool IsFrozen => FreezerState == FreezerState.Frozen;

    /// <summary>What its freezer says.</summary>
    public FreezerState FreezerState
    {
        get
        {
            if (Layout.Of("freezer") is not null)
                return Read("freezer", "freezer.state") switch
                {
                    "FROZEN" => FreezerState.Frozen,
                    "FREEZING" => FreezerState.Freezing,
                    "THAWED" => FreezerState.Thawed,
                    _ => FreezerState.Undefined,
                };
            if (Read("cgroup", "cgroup.freeze") is not { } asked)
                return FreezerState.Undefined;
            if (CgroupText.Value(Read("cgroup", "cgroup.events"), "frozen") == 1)
                return FreezerState.Frozen;
            return asked == "1" ? FreezerState.Freezing : FreezerState.Thawed;
        }
    }

    private void SetFrozen(bool frozen)
    {
        if (Layout.Of("freezer") is not null)
            Write("freezer", "freezer.state", frozen ? "FROZEN" : "THAWED");
        else
            Write("cgroup", "cgroup.freeze", frozen ? "1" : "0");
    }
}
