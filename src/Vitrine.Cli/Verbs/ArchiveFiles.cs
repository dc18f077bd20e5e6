using Microsoft.Win32.SafeHandles;

namespace Vitrine.Cli.Verbs;

/// <summary>Archives from and to files or the standard streams.</summary>
internal static class ArchiveFiles
{
    /// <summary>The name that stands for a standard stream.</summary>
    public const string Standard = "-";

    /// <summary>Opens an archive for reading, of a file or of stdin.</summary>
    public static FileStream OpenInput(string path)
    {
        if (path == Standard)
            return new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VitrineException(ErrorKind.Invalid, $"open {path}: no such file or directory", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new VitrineException(ErrorKind.Invalid, Directory.Exists(path) ? $"read {path}: is a directory" : $"open {path}: permission denied", e);
        }
    }

    /// <summary>
    /// Writes an archive to a file, which appears only when it is complete, or to stdout. A path that is no regular file (a
    /// fifo, /dev/null) is written to as it is.
    /// </summary>
    /// <param name="path">The file, or "-".</param>
    /// <param name="write">Writes the archive.</param>
    /// <param name="what">What the verb does, for the error.</param>
    public static async Task WriteOutputAsync(string path, Func<Stream, Task> write, string what = "")
    {
        if (path == Standard)
        {
            await using var stdout = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            await write(stdout);
            return;
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(directory))
            throw new VitrineException(ErrorKind.Invalid, $"{what}invalid output path: stat {directory}: no such file or directory");
        if (Directory.Exists(path))
            throw new VitrineException(ErrorKind.Invalid, $"{what}invalid output path: \"{path}\" must not be a directory");
        if (File.Exists(path) && (File.GetAttributes(path) & (FileAttributes.Device | FileAttributes.ReparsePoint)) != 0)
        {
            await using var special = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            await write(special);
            return;
        }

        await ReplaceAsync(path, write);
    }

    private static async Task ReplaceAsync(string path, Func<Stream, Task> write)
    {
        var temporary = Linux.AtomicFile.TemporaryName(path);
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
                await write(file);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
