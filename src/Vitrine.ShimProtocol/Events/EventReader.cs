using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Oci.Runtime.Reading;
using Vitrine.ShimProtocol.Logs;

namespace Vitrine.ShimProtocol.Events;

/// <summary>
/// Reads the host's events in order, across rotated files, while they are being written. Who waits for more watches the directory,
/// and begins that before this is made: what is written in between is then noticed and read.
/// </summary>
public sealed class EventReader : IDisposable
{
    private readonly LogFiles _files;
    private readonly RotatedLines _lines;

    /// <summary>Opens the events. The file need not be there.</summary>
    /// <param name="path">The current file.</param>
    /// <param name="fromStart">Begin with the oldest event that is kept; otherwise with the next one that happens.</param>
    /// <exception cref="LinuxException">A file cannot be read.</exception>
    public EventReader(string path, bool fromStart)
    {
        _files = new LogFiles(path);
        _lines = new RotatedLines(_files, fromStart ? null : AtEnd());
    }

    /// <summary>The next event; null where there is none now.</summary>
    /// <exception cref="LinuxException">The file cannot be read.</exception>
    public EventEntry? Read()
    {
        while (_lines.Next(out var line))
        {
            if (TryParse(line) is { } entry)
                return entry;
        }
        return null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _files.Dispose();
    }

    private LineReader? AtEnd()
    {
        var all = _files.OpenAll();
        for (var i = 0; i < all.Count - 1; i++)
            all[i].Dispose();
        return all.Count == 0 ? null : new LineReader(all[^1], RandomAccess.GetLength(all[^1]));
    }

    /// <summary>An event, or null for half a line.</summary>
    internal static EventEntry? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            return Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static EventEntry Parse(ReadOnlySpan<byte> line)
    {
        string? type = null, action = null;
        var (id, attributes) = ("", new Dictionary<string, string>());
        var time = 0L;
        var json = new JsonCursor(line);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Type": type = json.Text(); break;
                case "Action": action = json.Text(); break;
                case "Actor": (id, attributes) = ReadActor(ref json); break;
                case "timeNano": time = json.Long(); break;
                default: json.Skip(); break;
            }
        }
        return new EventEntry
        {
            Type = type ?? throw JsonCursor.Missing("Type"),
            Action = action ?? throw JsonCursor.Missing("Action"),
            Id = id,
            Attributes = attributes,
            TimeNano = time,
        };
    }

    private static (string Id, Dictionary<string, string> Attributes) ReadActor(ref JsonCursor json)
    {
        var (id, attributes) = ("", new Dictionary<string, string>());
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "ID": id = json.Text(); break;
                case "Attributes": attributes = json.TextMap(); break;
                default: json.Skip(); break;
            }
        }
        return (id, attributes);
    }
}
