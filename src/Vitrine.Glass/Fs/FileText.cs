using System.Globalization;
using Vitrine.Insight.Files;
using Vitrine.Insight.Json;
using Vitrine.Linux;

namespace Vitrine.Glass.Fs;

/// <summary>Files as lines and as JSON. What of their names no terminal may get was escaped as they were read, marks of direction are when they are shown.</summary>
internal static class FileText
{
    /// <summary>As ls -l has it: type and permissions, links, owner and group inside, bytes or device number, time, name.</summary>
    public static string Long(ContainerRoot root, FileItem item, string name)
    {
        var status = item.Status;
        var size = status.Kind is FileKind.CharacterDevice or FileKind.BlockDevice
            ? string.Create(CultureInfo.InvariantCulture, $"{status.Represents.Major}, {status.Represents.Minor}")
            : status.Size.ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{Mode(status)} {status.LinkCount,3} {User(root, status),5} {Group(root, status),5} {size,10} {Time(status.Modified)} {Named(item, name)}");
    }

    /// <summary>The name, with where a link leads.</summary>
    public static string Named(FileItem item, string name) => item.Target is { } target ? $"{name} -> {target}" : name;

    public static uint User(ContainerRoot root, FileStatus status) => ContainerRoot.Inside(root.UserMap, status.Uid);

    public static uint Group(ContainerRoot root, FileStatus status) => ContainerRoot.Inside(root.GroupMap, status.Gid);

    /// <summary>Minutes are enough in a list; UTC, as the container's own zone is its affair.</summary>
    public static string Time(FileTime time) => Moment(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static void Write(JsonFields json, ContainerRoot root, FileItem item)
    {
        json.Text("path", item.Path);
        json.Text("type", Kind(item.Status.Kind));
        json.Text("mode", Convert.ToString(item.Status.Permissions, 8).PadLeft(4, '0'));
        json.Number("user", User(root, item.Status));
        json.Number("group", Group(root, item.Status));
        json.Number("hostUser", item.Status.Uid);
        json.Number("hostGroup", item.Status.Gid);
        json.Number("links", item.Status.LinkCount);
        json.Unsigned("sizeBytes", item.Status.Size);
        json.Text("modified", Exact(item.Status.Modified));
        json.Text("changed", Exact(item.Status.Changed));
        json.Text("target", item.Target);
    }

    public static string Exact(FileTime time) => Moment(time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Kind(FileKind kind) => kind switch
    {
        FileKind.Directory => "directory",
        FileKind.Regular => "file",
        FileKind.Symlink => "link",
        FileKind.CharacterDevice => "character device",
        FileKind.BlockDevice => "block device",
        FileKind.Fifo => "fifo",
        FileKind.Socket => "socket",
        _ => "unknown",
    };

    internal static string Mode(FileStatus status)
    {
        const string letters = "rwxrwxrwx";
        Span<char> text = stackalloc char[10];
        text[0] = status.Kind switch
        {
            FileKind.Directory => 'd', FileKind.Symlink => 'l', FileKind.CharacterDevice => 'c', FileKind.BlockDevice => 'b', FileKind.Fifo => 'p',
            FileKind.Socket => 's', FileKind.Regular => '-', _ => '?',
        };
        for (var i = 0; i < letters.Length; i++)
            text[i + 1] = (status.Permissions >> (8 - i) & 1) != 0 ? letters[i] : '-';
        Special(text, 3, status.Permissions, 0b100_000_000_000, 's');
        Special(text, 6, status.Permissions, 0b010_000_000_000, 's');
        Special(text, 9, status.Permissions, 0b001_000_000_000, 't');
        return text.ToString();
    }

    private static void Special(Span<char> text, int at, uint permissions, uint bit, char letter)
    {
        if ((permissions & bit) != 0)
            text[at] = text[at] == 'x' ? letter : char.ToUpperInvariant(letter);
    }

    // A file's time may be any number; what no calendar has is the calendar's end.
    private static DateTimeOffset Moment(FileTime time) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(time.Seconds, -62_135_596_800, 253_402_300_799)).AddTicks(time.Nanoseconds / 100);
}
