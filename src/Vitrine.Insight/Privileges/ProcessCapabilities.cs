using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Privileges;

/// <summary>The capability sets of a process and what bears on them, from /proc/PID/status (capabilities(7)).</summary>
public sealed record ProcessCapabilities
{
    public required int Pid { get; init; }
    public required string Command { get; init; }

    /// <summary>Its effective user id, as this reader numbers users.</summary>
    public required uint User { get; init; }

    public CapabilitySet Effective { get; init; }
    public CapabilitySet Permitted { get; init; }
    public CapabilitySet Inheritable { get; init; }
    public CapabilitySet Bounding { get; init; }
    public CapabilitySet Ambient { get; init; }

    /// <summary>Null where the kernel does not say.</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary>Whether it is in another user namespace than the reader; null where that is another user's secret.</summary>
    public bool? OwnUserNamespace { get; init; }

    /// <summary>The five sets by the kernel's names, in the order in which they are explained.</summary>
    public IReadOnlyList<(string Name, CapabilitySet Set, string Meaning)> Sets =>
    [
        ("effective", Effective, "checked when it does something that only root may do"),
        ("permitted", Permitted, "what it may turn on in its effective set"),
        ("inheritable", Inheritable, "what programs with the same inheritable file capabilities get"),
        ("bounding", Bounding, "the ceiling for whatever it starts, set-user-id programs too"),
        ("ambient", Ambient, "what programs it starts keep though they are not root's"),
    ];

    /// <summary>Any capability that is in one of its sets.</summary>
    public CapabilitySet Any => Effective | Permitted | Inheritable | Bounding | Ambient;

    /// <summary>Reads them.</summary>
    /// <exception cref="VitrineException">NotFound: there is no such process.</exception>
    public static ProcessCapabilities Read(int pid, ProcFs? proc = null)
    {
        proc ??= ProcFs.Host;
        if (proc.Status(pid) is not { } status)
            throw new VitrineException(ErrorKind.NotFound, $"No such process: {pid}");
        return new ProcessCapabilities
        {
            Pid = pid,
            Command = status.Name,
            User = status.User.Effective,
            Effective = new(status.CapEffective),
            Permitted = new(status.CapPermitted),
            Inheritable = new(status.CapInheritable),
            Bounding = new(status.CapBounding),
            Ambient = new(status.CapAmbient),
            NoNewPrivileges = status.NoNewPrivileges,
            OwnUserNamespace = HasOwnUserNamespace(proc, pid),
        };
    }

    private static bool? HasOwnUserNamespace(ProcFs proc, int pid)
    {
        try
        {
            return proc.Link(pid, "ns/user") is { } theirs ? theirs != proc.Link(Environment.ProcessId, "ns/user") : null;
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
