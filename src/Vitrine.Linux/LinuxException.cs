namespace Vitrine.Linux;

/// <summary>
/// A system call that failed, told once and whole: operation, object, flags and errno, for example
/// <c>mount overlay on '/run/x/rootfs' (nosuid,nodev): EPERM: operation not permitted</c>.
/// </summary>
public sealed class LinuxException : IOException
{
    /// <summary>Describes a failed call.</summary>
    /// <param name="operation">The call and its own words, e.g. <c>mount overlay on</c>.</param>
    /// <param name="path">The object, or null where there is none.</param>
    /// <param name="flags">Decoded flags, or null.</param>
    /// <param name="errno">The error number the kernel gave.</param>
    public LinuxException(string operation, string? path, string? flags, Errno errno)
        : base(Format(operation, path, flags, errno))
    {
        Operation = operation;
        Path = path;
        Flags = flags;
        Errno = errno;
        HResult = (int)errno;
    }

    /// <inheritdoc cref="LinuxException(string, string?, string?, Errno)"/>
    public LinuxException(string operation, string? path, Errno errno)
        : this(operation, path, null, errno)
    {
    }

    public string Operation { get; }

    public string? Path { get; }

    public string? Flags { get; }

    public Errno Errno { get; }

    private static string Format(string operation, string? path, string? flags, Errno errno)
    {
        var subject = path is null ? "" : $" '{path}'";
        var decoded = string.IsNullOrEmpty(flags) ? "" : $" ({flags})";
        return $"{operation}{subject}{decoded}: {errno.Name()}: {errno.Describe()}";
    }
}
