using Microsoft.Win32.SafeHandles;
using Vitrine.Insight.Files;
using Vitrine.Linux;

namespace Vitrine.Glass.Fs;

/// <summary>Opens files that hold bytes, and nothing that waits or acts when it is opened.</summary>
internal static class RegularFile
{
    /// <exception cref="VitrineException">It is a directory, a device, a fifo or a socket.</exception>
    /// <exception cref="LinuxException">It is not there, or may not be read.</exception>
    public static SafeFileHandle Open(ContainerRoot root, string path)
    {
        // What it is, is asked of the very file that is then opened: a name could be exchanged in between.
        using var place = root.Open(path, OpenFlags.PathOnly);
        var status = FileAt.Status(place, default);
        if (status.Kind != FileKind.Regular)
            throw new VitrineException(ErrorKind.Invalid, $"{path} is no regular file ({FileText.Mode(status)})");
        var file = root.Open(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        var opened = FileAt.Status(file, default);
        if ((opened.Device, opened.Inode) == (status.Device, status.Inode))
            return file;
        file.Dispose();
        throw new VitrineException(ErrorKind.Conflict, $"{path} was exchanged while it was opened");
    }
}
