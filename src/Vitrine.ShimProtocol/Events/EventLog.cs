using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.ShimProtocol.Events;

/// <summary>
/// The host's events: one file of JSON lines in the exec root, in Docker's form, which whoever acts appends to and whoever
/// wants to know reads. (1) A lock puts writers in the order of their times, (2) a full file becomes the one before, (3) one
/// write(2) at the end of the file adds the whole line.
/// </summary>
/// <remarks>
/// A writer that was stopped while it held the lock makes the others wait only for moments: they then write without it, and
/// the kernel still keeps lines whole. What a killed writer leaves of a line is passed over by readers.
/// </remarks>
/// <param name="path">The current file; the one before it has .1 behind its name.</param>
public sealed class EventLog(string path)
{
    /// <summary>The file's name in the exec root.</summary>
    public const string FileName = "events.jsonl";

    /// <summary>Bytes after which a new file is begun: two of these hold the last five thousand events or so.</summary>
    internal const int MaxSize = 1 << 20;

    private const int Patience = 100;

    /// <summary>Adds an event. One that cannot be written is lost: what it tells of has happened all the same.</summary>
    /// <param name="type">container, image, volume, network ...</param>
    /// <param name="action">What happened.</param>
    /// <param name="id">To what.</param>
    /// <param name="attributes">More about it.</param>
    /// <param name="more">Further attributes: name, value, name, value.</param>
    public void Add(string type, string action, string id, IReadOnlyDictionary<string, string>? attributes = null, params ReadOnlySpan<string> more)
    {
        try
        {
            using var mine = Lock();
            using var file = Open(mayRotate: mine is not null);
            var line = Line(type, action, id, attributes, more, startsAnew: IsTorn(file));
            Fd.WriteAll(file, line.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No room, or no exec root any more.
        }
    }

    private FileLock? Lock()
    {
        for (var waited = 0; waited < Patience; waited++)
        {
            if (FileLock.TryAcquire(path + ".lock") is { } taken)
                return taken;
            Thread.Sleep(1);
        }
        return null;
    }

    private SafeFileHandle Open(bool mayRotate)
    {
        const OpenFlags Append = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Append;
        var file = Fd.Open(path, Append);
        if (!mayRotate || RandomAccess.GetLength(file) < MaxSize)
            return file;
        file.Dispose();
        File.Move(path, path + ".1", overwrite: true);
        return Fd.Open(path, Append);
    }

    private static bool IsTorn(SafeFileHandle file)
    {
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.GetLength(file) is > 0 and var size && RandomAccess.Read(file, last, size - 1) == 1 && last[0] != '\n';
    }

    private static ReadOnlyMemory<byte> Line(
        string type, string action, string id, IReadOnlyDictionary<string, string>? attributes, ReadOnlySpan<string> more, bool startsAnew)
    {
        var now = Clock.UnixNanoseconds();
        var json = new JsonObjectWriter(startsAnew ? "\n"u8 : default);
        json.Add("Type"u8, type);
        json.Add("Action"u8, action);
        json.Begin("Actor"u8);
        json.Add("ID"u8, id);
        json.Begin("Attributes"u8);
        foreach (var (name, value) in attributes ?? new Dictionary<string, string>())
            json.Add(name, value);
        for (var i = 0; i < more.Length; i += 2)
            json.Add(more[i], more[i + 1]);
        json.End();
        json.End();
        json.Add("scope"u8, "local");
        json.Add("time"u8, now / 1_000_000_000);
        json.Add("timeNano"u8, now);
        return json.Finish("\n"u8);
    }
}
