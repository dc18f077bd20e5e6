using Microsoft.Win32.SafeHandles;

namespace Vitrine.ShimProtocol.Logs;

/// <summary>Finds where the last lines of a log begin, reading backwards and no more than needed.</summary>
internal static class TailFinder
{
    /// <summary>Opens the file in which the last <paramref name="tail"/> lines begin, at their place; the newer ones follow.</summary>
    /// <returns>Null where there is no log.</returns>
    public static LineReader? Position(LogFiles log, int tail)
    {
        var files = log.OpenAll();
        if (files.Count == 0)
            return null;
        var count = new LineCount(tail);
        var index = files.Count - 1;
        var position = Search(files[index], count);
        while (position is null && index > 0)
            position = Search(files[--index], count);

        for (var i = 0; i < index; i++)
            files[i].Dispose();
        log.Enqueue(files.GetRange(index + 1, files.Count - index - 1));
        return new LineReader(files[index], position ?? 0);
    }

    /// <summary>The offset of the first wanted entry, or null where all of the file is wanted and not enough.</summary>
    private static long? Search(SafeFileHandle file, LineCount count)
    {
        var text = new byte[64 << 10];
        var lines = new BackwardLines(file);
        while (lines.Previous(out var line, out var end))
        {
            if (text.Length < line.Length)
                text = new byte[line.Length];
            if (EntryParser.TryParse(line, text, out var entry) && !count.Takes(entry))
                return end;
        }
        return null;
    }

    /// <summary>Counts lines from the last one up; the parts of a long line are one.</summary>
    private sealed class LineCount(int wanted)
    {
        private int _lines;
        private bool _stdoutSeen;
        private bool _stderrSeen;

        public bool Takes(in LogEntry entry)
        {
            ref var seen = ref entry.Stream is LogStream.Stdout ? ref _stdoutSeen : ref _stderrSeen;
            if (entry.EndsLine || !seen)
                _lines++;
            seen = true;
            return _lines <= wanted;
        }
    }
}
