namespace Vitrine.Linux;

/// <summary>How a process ended.</summary>
/// <param name="Code">Exit code as a shell gives it: the process's own, or 128 + n where signal n ended it.</param>
/// <param name="Signal">The signal that ended it, or null.</param>
public readonly record struct ExitStatus(int Code, int? Signal)
{
    private const int CldExited = 1;

    /// <summary>From waitid(2)'s si_code and si_status.</summary>
    internal static ExitStatus FromWait(int code, int status) =>
        code == CldExited ? new ExitStatus(status, null) : new ExitStatus(128 + status, status);
}
