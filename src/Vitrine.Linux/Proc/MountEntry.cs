namespace Vitrine.Linux.Proc;

/// <summary>One line of /proc/PID/mountinfo (proc_pid_mountinfo(5)).</summary>
public sealed record MountEntry
{
    public int Id { get; init; }
    public int ParentId { get; init; }
    public uint Major { get; init; }
    public uint Minor { get; init; }

    /// <summary>The directory or file of the filesystem that is mounted: not <c>/</c> for a bind mount of a part.</summary>
    public string Root { get; init; } = "";

    /// <summary>Relative to the process's root directory.</summary>
    public string MountPoint { get; init; } = "";

    /// <summary>Options of this mount: rw or ro, nosuid, nodev, noexec, relatime...</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Optional fields: <c>shared:N</c>, <c>master:N</c>, <c>propagate_from:N</c>, <c>unbindable</c>; none is private.</summary>
    public IReadOnlyList<string> Propagation { get; init; } = [];

    /// <summary>The type, with its subtype where there is one: <c>ext4</c>, <c>fuse.sshfs</c>.</summary>
    public string FileSystem { get; init; } = "";

    public string Source { get; init; } = "";

    /// <summary>Options of the filesystem, shared by all its mounts.</summary>
    public IReadOnlyList<string> SuperOptions { get; init; } = [];

    public bool IsReadOnly => Options.Contains("ro");

    /// <summary>The value of a filesystem option such as overlay's <c>lowerdir</c>, or null.</summary>
    public string? SuperOption(string name)
    {
        foreach (var option in SuperOptions)
        {
            if (option.Length > name.Length && option[name.Length] == '=' && option.StartsWith(name, StringComparison.Ordinal))
                return option[(name.Length + 1)..];
        }

        return null;
    }

    /// <summary>Reads the whole file; malformed lines are left out.</summary>
    public static List<MountEntry> Parse(ReadOnlySpan<byte> text)
    {
        var mounts = new List<MountEntry>(32);
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            if (ParseLine(line) is { } mount)
                mounts.Add(mount);
        }

        return mounts;
    }

    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    private static MountEntry? ParseLine(ReadOnlySpan<byte> line)
    {
        var words = new Utf8Words(line);
        if (!words.TryInt32(out var id) || !words.TryInt32(out var parent) || !words.TryNext(out var device))
            return null;
        if (!TryDevice(device, out var major, out var minor))
            return null;
        if (!words.TryNext(out var root) || !words.TryNext(out var point) || !words.TryNext(out var options))
            return null;
        if (!TryOptionalFields(ref words, out var propagation) || !words.TryNext(out var type))
            return null;
        // An empty source is written as nothing between two blanks: the words would then shift by one.
        var rest = words.Rest;
        var source = rest.StartsWith("  "u8) ? default : Next(ref words);
        return new MountEntry
        {
            Id = id,
            ParentId = parent,
            Major = major,
            Minor = minor,
            Root = Utf8Text.DecodeOctal(root),
            MountPoint = Utf8Text.DecodeOctal(point),
            Options = SplitOptions(options),
            Propagation = propagation,
            FileSystem = Utf8Text.DecodeOctal(type),
            Source = Utf8Text.DecodeOctal(source),
            SuperOptions = SplitOptions(Next(ref words)),
        };
    }

    private static ReadOnlySpan<byte> Next(ref Utf8Words words)
    {
        _ = words.TryNext(out var word);
        return word;
    }

    private static bool TryDevice(ReadOnlySpan<byte> text, out uint major, out uint minor)
    {
        major = minor = 0;
        var colon = text.IndexOf((byte)':');
        return colon > 0 && Utf8Text.TryUInt32(text[..colon], out major) && Utf8Text.TryUInt32(text[(colon + 1)..], out minor);
    }

    private static bool TryOptionalFields(ref Utf8Words words, out List<string> fields)
    {
        fields = [];
        while (words.TryNext(out var word))
        {
            if (word.SequenceEqual("-"u8))
                return true;
            fields.Add(Utf8Text.Decode(word));
        }

        return false;
    }

    // Split before unescaping: a comma inside a value is written \054.
    private static List<string> SplitOptions(ReadOnlySpan<byte> text)
    {
        var options = new List<string>();
        foreach (var range in text.Split((byte)','))
            options.Add(Utf8Text.DecodeOctal(text[range]));
        return options;
    }
}
