using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>
/// Turns the raw results of system calls into values or <see cref="LinuxException"/>. The one file that knows
/// how libc reports failure (-1 and errno) and that EINTR is retried.
/// </summary>
internal static class Check
{
    /// <summary>The errno of the last import marked SetLastError.</summary>
    public static Errno LastErrno => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>Returns <paramref name="result"/>, or throws when it is -1.</summary>
    public static int Result(int result, string operation, string? path = null, string? flags = null) =>
        result != -1 ? result : throw new LinuxException(operation, path, flags, LastErrno);

    /// <inheritdoc cref="Result(int, string, string?, string?)"/>
    public static long Result(long result, string operation, string? path = null, string? flags = null) =>
        result != -1 ? result : throw new LinuxException(operation, path, flags, LastErrno);

    /// <summary>Calls again while the kernel says EINTR, then checks as <see cref="Result(int, string, string?, string?)"/>.</summary>
    public static int Retry(Func<int> call, string operation, string? path = null, string? flags = null)
    {
        int result;
        do
        {
            result = call();
        }
        while (result == -1 && LastErrno == Errno.EINTR);
        return Result(result, operation, path, flags);
    }
}
