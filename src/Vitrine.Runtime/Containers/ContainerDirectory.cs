using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Runtime.Containers;

/// <summary>
/// A container's directory under the root: state.json, replaced by rename; config.json, the configuration as it was at the
/// creation; lock, held while somebody changes the container; and the fifo at which the finished first process waits to be
/// started, named .exec.fifo until that is so, and removed by the start.
/// </summary>
public sealed class ContainerDirectory
{
    private const string StateFile = "state.json";
    private const string ConfigFile = "config.json";
    private const string LockFile = "lock";
    private const string FifoFile = "exec.fifo";
    private const string UnfinishedFifoFile = ".exec.fifo";
    private const uint PrivateMode = 0x180; // 0600
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>As much as a configuration may have; it still fits in the runtime's small heap.</summary>
    private const long MaxFileSize = 3 << 20;

    /// <summary>Names a directory, which need not exist.</summary>
    public ContainerDirectory(string path) => Path = path;

    public string Path { get; }

    public bool Exists => Directory.Exists(Path);

    /// <summary>Makes the directory; false where there is one.</summary>
    /// <exception cref="LinuxException">It cannot be made.</exception>
    public bool TryMake(string root)
    {
        Directory.CreateDirectory(root, OwnerOnly);
        using var parent = FileAt.OpenDirectory(root);
        return FileAt.TryMakeDirectory(parent, Name(Path), (uint)OwnerOnly) switch
        {
            Errno.None => true,
            Errno.EEXIST => false,
            var error => throw new LinuxException("mkdir", Path, error),
        };
    }

    /// <summary>Takes the container's lock; null where somebody else has it.</summary>
    public FileLock? TryLock() => FileLock.TryAcquire(File(LockFile));

    /// <summary>Waits for the container's lock.</summary>
    /// <exception cref="LinuxException">ENOENT where the container is gone.</exception>
    public FileLock Lock() => FileLock.Acquire(File(LockFile));

    public bool IsLocked => FileLock.IsHeld(File(LockFile));

    /// <summary>The record, or null where there is none (yet).</summary>
    /// <exception cref="VitrineException">It cannot be read.</exception>
    public ContainerRecord? ReadRecord() => Read(File(StateFile)) is { } text ? Parse(StateFile, text, static text => ContainerRecord.Parse(text)) : null;

    public void Write(ContainerRecord record) => AtomicFile.Write(File(StateFile), record.ToJson(), durable: false);

    /// <summary>The configuration as it was at the creation.</summary>
    /// <exception cref="VitrineException">It is not there or cannot be read.</exception>
    public Spec ReadConfiguration() => Parse(ConfigFile,
        Read(File(ConfigFile)) ?? throw new VitrineException(ErrorKind.Internal, $"{File(ConfigFile)} is gone"), static text => SpecReader.Read(text));

    /// <summary>Keeps a bundle's configuration: later changes of the file must not affect the container.</summary>
    public void WriteConfiguration(ReadOnlySpan<byte> text) => AtomicFile.Write(File(ConfigFile), text, durable: false);

    /// <summary>Reads a bundle's config.json.</summary>
    /// <exception cref="VitrineException">There is none, or it is not one.</exception>
    public static (byte[] Text, Spec Spec) ReadBundle(string bundle)
    {
        var path = System.IO.Path.Join(bundle, ConfigFile);
        var text = Read(path) ?? throw new VitrineException(ErrorKind.NotFound, $"JSON specification file {ConfigFile} not found");
        return (text, Parse(path, text, static text => SpecReader.Read(text)));
    }

    /// <summary>Makes the fifo and opens it as the process that waits needs it.</summary>
    public SafeFileHandle MakeFifo()
    {
        using var directory = FileAt.OpenDirectory(Path);
        var error = FileAt.TryMakeNode(directory, Name(UnfinishedFifoFile), FileKind.Fifo, PrivateMode, default);
        if (error != Errno.None)
            throw new LinuxException("mkfifo", File(UnfinishedFifoFile), error);
        return Fd.Open(File(UnfinishedFifoFile), OpenFlags.ReadWrite);
    }

    /// <summary>From now on the container can be started.</summary>
    public void FinishFifo() => System.IO.File.Move(File(UnfinishedFifoFile), File(FifoFile));

    /// <summary>Opens the fifo for the byte that starts; null where no process waits at it.</summary>
    public SafeFileHandle? OpenFifo()
    {
        var error = Fd.TryOpen(File(FifoFile), OpenFlags.WriteOnly | OpenFlags.NonBlocking, out var fifo);
        return error is Errno.None or Errno.ENOENT or Errno.ENXIO ? fifo : throw new LinuxException("open", File(FifoFile), error);
    }

    public void RemoveFifo() => System.IO.File.Delete(File(FifoFile));

    /// <summary>Whether the container was not finished yet when its directory was last written.</summary>
    public bool HasUnfinishedFifo => System.IO.File.Exists(File(UnfinishedFifoFile));

    /// <summary>The user whose containers these are.</summary>
    public uint OwnerUid
    {
        get
        {
            using var directory = FileAt.OpenDirectory(Path);
            return FileAt.Status(directory, []).Uid;
        }
    }

    /// <summary>Removes what a creation left that was killed before it wrote a record; nothing where one is at work.</summary>
    public void RemoveUnrecorded()
    {
        if (!Exists)
            return;
        using var locked = TryLock();
        if (locked is not null && ReadRecord() is null)
            Remove();
    }

    /// <summary>Removes the directory with all that is in it; one that is gone is fine.</summary>
    public void Remove()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another was faster.
        }
    }

    private string File(string name) => $"{Path}/{name}";

    private static ReadOnlySpan<byte> Name(string path) => System.Text.Encoding.UTF8.GetBytes(System.IO.Path.GetFileName(path));

    private delegate T Reader<out T>(ReadOnlySpan<byte> text);

    private static T Parse<T>(string path, byte[] text, Reader<T> read)
    {
        try
        {
            return read(text);
        }
        catch (JsonException e)
        {
            throw JsonProblem.In(path, e);
        }
    }

    private static byte[]? Read(string path)
    {
        var error = Fd.TryOpen(path, OpenFlags.ReadOnly, out var file);
        if (error is Errno.ENOENT or Errno.ENOTDIR)
            return null;
        if (file is null)
            throw new LinuxException("open", path, error);
        using (file)
        {
            var size = RandomAccess.GetLength(file);
            if (size > MaxFileSize)
                throw new VitrineException(ErrorKind.Invalid, $"{path}: {size} bytes are more than the {MaxFileSize} it may have");
            var text = new byte[size];
            return text.AsSpan(0, RandomAccess.Read(file, text, 0)).Length == size ? text : text[..^1];
        }
    }
}
