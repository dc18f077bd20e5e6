namespace Vitrine.Runtime;

/// <summary>What a launcher does besides at certain points of a launch. An exception from any of them ends the launch, and with it the process.</summary>
public sealed record LaunchEvents
{
    /// <summary>Nothing.</summary>
    public static LaunchEvents None { get; } = new();

    /// <summary>The pid that stays is known; the process waits for its go-ahead and has done nothing that outlives it.</summary>
    public Action<int>? Identified { get; init; }

    /// <summary>
    /// The filesystem is put together and the host's root not yet out of sight: the time for prestart, createRuntime and
    /// createContainer hooks (runtime-spec config.md), and to keep new namespaces by files. The process waits.
    /// </summary>
    public Action<ExecTarget>? Hooks { get; init; }

    /// <summary>For tests of crashes: the instruction before which this process is to be killed, or -1.</summary>
    public int KillBefore { get; init; } = -1;
}
