using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Vitrine.Secrets;

namespace Vitrine.Insight.Traffic;

/// <summary>Turns the bytes of a body or stream into texts to show as they come: whole JSON documents, lines, frames of several streams.</summary>
internal sealed class BodyView(TrafficMask mask, string contentType, bool isStream, Action<string> show)
{
    private const int MostKept = 1 << 20;
    private const int LongestLine = 16 << 10;
    private const int FrameHead = 8;

    private readonly ArrayBufferWriter<byte> _kept = new();
    private long _unseen;

    private bool IsJson => contentType.Contains("json", StringComparison.OrdinalIgnoreCase);

    private bool IsText => contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the content type says nothing, as with requests of old clients and streams of terminals.</summary>
    private bool IsRaw => contentType.Length == 0 || contentType.StartsWith("application/vnd.docker.", StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes bytes.</summary>
    public void Add(ReadOnlyMemory<byte> bytes)
    {
        if (!(IsJson || IsText || IsRaw) || _unseen > 0 || _kept.WrittenCount + bytes.Length > MostKept)
        {
            _unseen += bytes.Length;
            return;
        }
        _kept.Write(bytes.Span);
        if (isStream)
            ShowWhole(atEnd: false);
    }

    /// <summary>Shows what is left.</summary>
    public void End()
    {
        ShowWhole(atEnd: true);
        if (_unseen > 0)
            show($"({ByteText.Format(_unseen)}{(contentType.Length > 0 ? $" of {contentType}" : "")})");
    }

    private void ShowWhole(bool atEnd)
    {
        var bytes = _kept.WrittenSpan;
        var used = 0;
        while (used < bytes.Length && Next(bytes[used..], atEnd) is var count and > 0)
            used += count;
        var rest = bytes[used..].ToArray();
        _kept.ResetWrittenCount();
        _kept.Write(rest);
    }

    /// <summary>Shows one piece.</summary>
    /// <returns>How many bytes it was; 0 where it is not whole yet.</returns>
    private int Next(ReadOnlySpan<byte> bytes, bool atEnd)
    {
        if (IsRaw && bytes.Length >= FrameHead && bytes[0] <= 3 && bytes[1..4].IndexOfAnyExcept((byte)0) < 0)
            return Frame(bytes, atEnd);
        if (!isStream && !atEnd)
            return 0;
        if (!isStream && IsJson)
        {
            show(mask.Json(bytes) ?? $"({ByteText.Format(bytes.Length)} that are no JSON)");
            return bytes.Length;
        }
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0 && !atEnd && bytes.Length < LongestLine)
            return 0;
        var line = end < 0 ? bytes : bytes[..end];
        ShowLine("", line);
        return end < 0 ? line.Length : end + 1;
    }

    // docker's multiplexed stream: which stream, three zeros, the length in big-endian.
    private int Frame(ReadOnlySpan<byte> bytes, bool atEnd)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        var whole = bytes.Length - FrameHead >= length;
        if (!whole && !atEnd)
            return 0;
        var name = bytes[0] switch { 0 => "stdin: ", 1 => "stdout: ", 2 => "stderr: ", _ => "error: " };
        var content = bytes.Slice(FrameHead, whole ? (int)length : bytes.Length - FrameHead);
        foreach (var range in content.TrimEnd((byte)'\n').Split((byte)'\n'))
            ShowLine(name, content[range]);
        return FrameHead + content.Length;
    }

    private void ShowLine(string prefix, ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd((byte)'\r');
        if (line.IsEmpty)
            return;
        show(prefix + (line[0] == '{' && mask.Json(line) is { } json ? json : mask.Line(Encoding.UTF8.GetString(line))));
    }
}
