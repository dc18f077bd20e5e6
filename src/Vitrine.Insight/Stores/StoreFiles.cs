using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Insight.Stores;

/// <summary>
/// Reads engines' files below a root directory: the host's, or that of an engine in a mount namespace of its own. What is
/// there may be of an untrusted container's making: links stay below the root, pipes and devices are not opened for reading,
/// sizes are bounded.
/// </summary>
/// <param name="root">The directory that stands for "/" : empty for the host, or <c>/proc/PID/root</c>.</param>
internal sealed class StoreFiles(string root) : IDisposable
{
    /// <summary>The most that a record of an engine may be long.</summary>
    public const int Largest = 8 << 20;

    private SafeFileHandle? directory;
    private bool unreachable;

    /// <summary>Reads one value from a document.</summary>
    public delegate T Reader<out T>(ReadOnlySpan<byte> utf8);

    /// <summary>A path of the engine's as this reader opens it.</summary>
    public string OnHost(string path) => root + path;

    /// <summary>The whole file; null where it is not there, may not be read or is no plain file.</summary>
    public byte[]? Read(string path)
    {
        if (Directory() is not { } handle)
            return null;
        if (FileAt.TryOpen(handle, Encoding.UTF8.GetBytes(path), OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal, ResolveFlags.InRoot, 0, out var opened) != Errno.None)
            return null;
        using var file = opened!;
        if (FileAt.TryStatus(file, default, out var status) != Errno.None || status.Kind != FileKind.Regular || status.Size > Largest)
            return null;
        var content = new byte[status.Size];
        var length = 0;
        try
        {
            while (length < content.Length && FileOn.Read(file, content.AsSpan(length)) is var got and > 0)
                length += got;
        }
        catch (LinuxException)
        {
            return null; // A filesystem of a container's own making answers a read as it likes.
        }

        return length == content.Length ? content : content[..length];
    }

    /// <summary>Opens a plain file of any size for reading; null as for <see cref="Read(string)"/>.</summary>
    public SafeFileHandle? Open(string path)
    {
        if (Directory() is not { } handle
            || FileAt.TryOpen(handle, Encoding.UTF8.GetBytes(path), OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal, ResolveFlags.InRoot, 0, out var opened) != Errno.None)
            return null;
        if (FileAt.TryStatus(opened!, default, out var status) == Errno.None && status.Kind == FileKind.Regular)
            return opened;
        opened!.Dispose();
        return null;
    }

    /// <summary>Where a symbolic link leads, as it is written; null where there is none.</summary>
    public string? Link(string path) => LinkAt(OnHost(path));

    /// <inheritdoc cref="Link"/>
    /// <param name="path">Of the host as this process sees it.</param>
    public static string? LinkAt(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What a JSON file says; null where it cannot be read, is no JSON, or says something else than expected.</summary>
    public T? Read<T>(string path, Reader<T> read)
        where T : class
    {
        try
        {
            return Read(path) is { } content ? read(content) : null;
        }
        catch (JsonException)
        {
            return null; // A record half written or damaged: the container is shown with less.
        }
    }

    public void Dispose() => directory?.Dispose();

    private SafeFileHandle? Directory()
    {
        if (directory is not null || unreachable)
            return directory;
        try
        {
            directory = FileAt.OpenDirectory(root.Length == 0 ? "/" : root);
        }
        catch (LinuxException)
        {
            unreachable = true; // Another user's process: its root is not ours to enter.
        }

        return directory;
    }
}
