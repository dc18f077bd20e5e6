namespace Vitrine.Linux.Proc;

/// <summary>Small text files of the kernel outside a process's directory: cgroupfs, /sys, /proc/sys.</summary>
public static class KernelFile
{
    /// <summary>The whole text, or null where the file is not there.</summary>
    /// <exception cref="LinuxException">It is there but cannot be read.</exception>
    public static string? Read(string path)
    {
        using var content = ProcFile.Read(path);
        return content.IsMissing ? null : Utf8Text.Decode(content.Bytes);
    }
}
