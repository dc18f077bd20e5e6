namespace Vitrine.Linux;

/// <summary>Files that appear whole or not at all: written beside the target, optionally fsynced, then renamed over it.</summary>
public static class AtomicFile
{
    /// <summary>The mark in the name of a file that is being written; start-up repair deletes what still carries it.</summary>
    public const string TemporaryMark = ".tmp-";

    /// <summary>Replaces <paramref name="path"/> with <paramref name="content"/>.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="content">Its whole content.</param>
    /// <param name="durable">Whether the bytes must survive a power cut (fsync before rename).</param>
    /// <param name="mode">The file mode; private to the owner unless told.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool durable = true,
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var temporary = TemporaryName(path);
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                File.SetUnixFileMode(handle, mode);
                RandomAccess.Write(handle, content, 0);
                if (durable)
                    RandomAccess.FlushToDisk(handle);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>A name beside <paramref name="path"/> that no other writer uses.</summary>
    public static string TemporaryName(string path)
    {
        Span<byte> random = stackalloc byte[6];
        Entropy.Fill(random);
        var directory = Path.GetDirectoryName(path);
        var name = $".{Path.GetFileName(path)}{TemporaryMark}{Convert.ToHexStringLower(random)}";
        return string.IsNullOrEmpty(directory) ? name : Path.Combine(directory, name);
    }
}
