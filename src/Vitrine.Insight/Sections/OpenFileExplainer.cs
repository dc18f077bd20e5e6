using System.Globalization;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Sections;

/// <summary>The open files of the process: what they are, and whether one of them leads out.</summary>
internal static class OpenFileExplainer
{
    private const string DeletedMark = " (deleted)";
    private const int LastStandardStream = 2;

    /// <summary>What the descriptor's own file says of it (proc_pid_fdinfo(5)).</summary>
    private readonly record struct Details(int? Flags, int? MountId);

    public static OpenFileSection Explain(ExplainContext context, IReadOnlyList<MountEntry> mounts)
    {
        var notes = context.Notes();
        var known = mounts.Select(mount => mount.Id).ToHashSet();
        var files = new List<OpenFileFact>();
        foreach (var file in notes.Read("open files", context.Source("fd"), () => context.Proc.OpenFiles(context.Pid)) ?? [])
            files.Add(Describe(context, file, known));
        if (files.Count > 0)
            Note(context, notes, files);
        return new OpenFileSection { Files = files, Facts = notes.Facts, Warnings = notes.Warnings };
    }

    private static void Note(ExplainContext context, SectionNotes notes, List<OpenFileFact> files)
    {
        var kinds = files.GroupBy(file => file.Kind).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} {group.Key}");
        notes.Fact("open", $"{files.Count} ({string.Join(", ", kinds)})", context.Source("fd"),
            "A descriptor is a right that stays: it was checked once, when it was opened, and is passed on to every child that does not close it.");
        if (files.FindAll(file => file is { Deleted: true, Kind: "file" }) is { Count: > 0 } deleted)
        {
            notes.Fact("deleted", $"{deleted.Count}", context.Source("fd"),
                "Their names are gone, their content stays until they are closed; read it at the path of the descriptor.");
        }

        foreach (var file in files.Where(file => file.Outside && file.Number > LastStandardStream))
        {
            notes.Warn(Severity.High, "files.outside",
                $"Descriptor {file.Number} ({file.Target}) lies on a mount that is not in its mount table: it was opened outside, and from a directory a path leads on (CVE-2024-21626).",
                "start it with an engine that closes what it has open itself");
        }
    }

    private static OpenFileFact Describe(ExplainContext context, OpenFile file, HashSet<int> known)
    {
        var details = Read(context, file.Number);
        var deleted = file.Target.EndsWith(DeletedMark, StringComparison.Ordinal);
        var kind = Kind(file.Target);
        return new OpenFileFact
        {
            Number = file.Number,
            Kind = kind,
            Target = deleted ? file.Target[..^DeletedMark.Length] : file.Target,
            Access = (details.Flags & 3) switch { 0 => "r", 1 => "w", 2 => "rw", _ => null },
            Deleted = deleted,
            // What is in no mount table at all - pipes, sockets, the kernel's own objects - has an id too.
            Outside = kind == "file" && known.Count > 0 && context.HasOwn(NamespaceKind.Mount) && details.MountId is { } mount && !known.Contains(mount),
        };
    }

    private static Details Read(ExplainContext context, int number)
    {
        try
        {
            var text = context.Proc.Text(context.Pid, $"fdinfo/{number}");
            return new Details(Number(text, "flags:", 8), Number(text, "mnt_id:", 10));
        }
        catch (LinuxException)
        {
            return default; // Its link could be read, so the file is named; the rest is left out.
        }
    }

    private static int? Number(string? text, string key, int radix)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
                return Parse(line[key.Length..].Trim(), radix);
        }

        return null;
    }

    private static int? Parse(ReadOnlySpan<char> digits, int radix)
    {
        var number = 0L;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit) || number > int.MaxValue)
                return null;
            number = (number * radix) + CharUnicodeInfo.GetDecimalDigitValue(digit);
        }

        return digits.IsEmpty || number > int.MaxValue ? null : (int)number;
    }

    private static string Kind(string target) => target switch
    {
        _ when target.StartsWith("socket:", StringComparison.Ordinal) => "socket",
        _ when target.StartsWith("pipe:", StringComparison.Ordinal) => "pipe",
        _ when target.StartsWith("anon_inode:", StringComparison.Ordinal) => "kernel",
        _ when target.StartsWith("/memfd:", StringComparison.Ordinal) => "memory",
        _ when target.StartsWith("/dev/", StringComparison.Ordinal) => "device",
        _ when target.StartsWith('/') => "file",
        _ => "other",
    };
}
