namespace Vitrine.ShimProtocol.Logs;

/// <summary>The whole lines of a rotated file, oldest first, while it is being written and renamed.</summary>
/// <param name="files">The files; owned by the caller.</param>
/// <param name="start">Where to begin; with the first line of the oldest file where null.</param>
internal sealed class RotatedLines(LogFiles files, LineReader? start) : IDisposable
{
    private LineReader? _lines = start;

    /// <summary>The next line of the file in hand or of the one that came after it; false where there is none now.</summary>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        line = default;
        while (true)
        {
            if (_lines is null && files.OpenOldest() is { } first)
                _lines = new LineReader(first, 0);
            if (_lines is null)
                return false;
            if (_lines.Next(out line))
                return true;
            if (!files.HasNewerThan(_lines.File))
                return false;
            // Renamed away: the writer has finished with it, so that one more look finds the rest.
            if (_lines.Next(out line))
                return true;
            if (files.OpenNewerThan(_lines.File) is not { } next)
                return false;
            _lines.Dispose();
            _lines = new LineReader(next, 0);
        }
    }

    public void Dispose() => _lines?.Dispose();
}
