using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>The files of a rotated log: the current one and .1, .2 ..., the higher the older. They are renamed while we look.</summary>
internal sealed class LogFiles : IDisposable
{
    private const int MaxTries = 100;

    private readonly string _path;
    private readonly Func<string, SafeFileHandle?> _open;

    /// <summary>Opened while following the renames, oldest first, and not yet read.</summary>
    private readonly Queue<SafeFileHandle> _ahead = new();

    /// <param name="path">The current file.</param>
    /// <param name="open">Opens a file, null where there is none; for tests that rename meanwhile.</param>
    public LogFiles(string path, Func<string, SafeFileHandle?>? open = null)
    {
        _path = path;
        _open = open ?? TryOpen;
        Directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
    }

    public string Directory { get; }

    /// <summary>The file to begin with, or null where there is no log.</summary>
    public SafeFileHandle? OpenOldest()
    {
        // Two rotations during one look can carry the oldest file past where the look ends: then it is for nothing.
        for (var tries = 0; ; tries++)
        {
            var before = FileIdentity.Of(_path);
            var all = OpenAll();
            var isSure = before is null ? all.Count == 0 : FileIdentity.Of(_path) == before;
            if (isSure || tries == MaxTries)
            {
                Enqueue(all);
                return Dequeue();
            }

            foreach (var file in all)
                file.Dispose();
        }
    }

    /// <summary>Whether a file was begun after this one.</summary>
    public bool HasNewerThan(SafeFileHandle file) => _ahead.Count > 0 || FileIdentity.Of(_path) is { } current && current != FileIdentity.Of(file);

    /// <summary>The file that was begun next after this one; the oldest there is where that one is gone already.</summary>
    public SafeFileHandle? OpenNewerThan(SafeFileHandle file)
    {
        for (var tries = 0; _ahead.Count == 0; tries++)
        {
            var all = OpenAll();
            var known = IndexOf(all, file);
            if (known >= 0 || FileIdentity.IsDeleted(file) || tries == MaxTries)
            {
                for (var i = 0; i <= known; i++)
                    all[i].Dispose();
                Enqueue(all.GetRange(known + 1, all.Count - known - 1));
                break;
            }
            // It has a name still: renames got in the way of the looking, which starts again (unless somebody moved it elsewhere).
            foreach (var other in all)
                other.Dispose();
        }
        return Dequeue();
    }

    /// <summary>All files, oldest first.</summary>
    public List<SafeFileHandle> OpenAll()
    {
        for (var tries = 0; ; tries++)
        {
            var files = LookForAll();
            if (IsInOrder(files) || tries == MaxTries)
                return files;
            foreach (var file in files)
                file.Dispose();
        }
    }

    /// <summary>
    /// Whether there was time for one rotation at most while these were looked for. Two can put a file that was not there at first
    /// behind the newest that was met, where an older one is expected.
    /// </summary>
    private bool IsInOrder(List<SafeFileHandle> files)
    {
        if (files.Count == 0)
            return true;
        var newest = FileIdentity.Of(files[^1]);
        return FileIdentity.Of(_path) == newest || FileIdentity.Of(Name(1)) == newest;
    }

    /// <summary>
    /// Looks in the direction in which files are renamed, so that one is met twice rather than missed; a single name that is missing
    /// is the gap that a rotation has in it.
    /// </summary>
    private List<SafeFileHandle> LookForAll()
    {
        var files = new List<SafeFileHandle>();
        var seen = new HashSet<FileIdentity>();
        for (int age = 0, missing = 0; missing < 2; age++)
        {
            var file = _open(Name(age));
            missing = file is null ? missing + 1 : 0;
            if (file is null)
                continue;
            if (seen.Add(FileIdentity.Of(file)))
                files.Insert(0, file);
            else
                file.Dispose();
        }
        return files;
    }

    /// <summary>Continues with these files after the one in hand.</summary>
    public void Enqueue(IEnumerable<SafeFileHandle> files)
    {
        foreach (var file in files)
            _ahead.Enqueue(file);
    }

    public void Dispose()
    {
        foreach (var file in _ahead)
            file.Dispose();
    }

    private static int IndexOf(List<SafeFileHandle> files, SafeFileHandle file)
    {
        var identity = FileIdentity.Of(file);
        return files.FindIndex(other => FileIdentity.Of(other) == identity);
    }

    private SafeFileHandle? Dequeue() => _ahead.TryDequeue(out var file) ? file : null;

    private string Name(int age) => age == 0 ? _path : $"{_path}.{age}";

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return Fd.Open(path, OpenFlags.ReadOnly);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
    }
}
