using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>A mount's options (runtime-spec config.md, Linux mount options), sorted by what carries them out.</summary>
internal sealed class MountOptions
{
    // The kernel's defaults, or words that change nothing here: messages are not logged, and the data is written back as usual.
    private static readonly string[] s_ignored =
        ["defaults", "async", "loud", "silent", "nolazytime", "nomand", "mand", "noiversion", "iversion"];

    // Of every filesystem, and so left to it.
    private static readonly string[] s_general = ["sync", "dirsync", "lazytime"];

    private static readonly (string Word, MountPropagation Propagation)[] s_propagations =
    [
        ("private", MountPropagation.Private), ("slave", MountPropagation.Slave), ("shared", MountPropagation.Shared),
        ("unbindable", MountPropagation.Unbindable),
    ];

    // Access times are one field of three values, so each of their options clears the field first.
    private static readonly (string Word, MountAttributes Set, MountAttributes Clear)[] s_attributes =
    [
        ("ro", MountAttributes.ReadOnly, MountAttributes.None), ("rw", MountAttributes.None, MountAttributes.ReadOnly),
        ("nosuid", MountAttributes.NoSuid, MountAttributes.None), ("suid", MountAttributes.None, MountAttributes.NoSuid),
        ("nodev", MountAttributes.NoDev, MountAttributes.None), ("dev", MountAttributes.None, MountAttributes.NoDev),
        ("noexec", MountAttributes.NoExec, MountAttributes.None), ("exec", MountAttributes.None, MountAttributes.NoExec),
        ("nodiratime", MountAttributes.NoDirectoryAccessTime, MountAttributes.None),
        ("diratime", MountAttributes.None, MountAttributes.NoDirectoryAccessTime),
        ("nosymfollow", MountAttributes.NoSymlinkFollow, MountAttributes.None),
        ("symfollow", MountAttributes.None, MountAttributes.NoSymlinkFollow),
        ("noatime", MountAttributes.NoAccessTime, MountAttributes.AccessTimeMask),
        ("strictatime", MountAttributes.StrictAccessTime, MountAttributes.AccessTimeMask),
        ("relatime", MountAttributes.None, MountAttributes.AccessTimeMask), ("atime", MountAttributes.None, MountAttributes.AccessTimeMask),
        ("norelatime", MountAttributes.None, MountAttributes.AccessTimeMask),
        ("nostrictatime", MountAttributes.None, MountAttributes.AccessTimeMask),
    ];

    private readonly List<string> _data = [];

    /// <summary>bind or rbind.</summary>
    public bool Bind { get; private set; }

    /// <summary>rbind.</summary>
    public bool BindRecursively { get; private set; }

    /// <summary>Changes to the mount itself.</summary>
    public MountAttributes Set { get; private set; }

    public MountAttributes Clear { get; private set; }

    /// <summary>Changes to the mount and all below it: rro, rnosuid...</summary>
    public MountAttributes SetRecursively { get; private set; }

    public MountAttributes ClearRecursively { get; private set; }

    public MountPropagation Propagation { get; private set; }

    /// <summary>rshared, rslave, rprivate, runbindable.</summary>
    public bool PropagateRecursively { get; private set; }

    /// <summary>Changes the mount that is there instead of making one.</summary>
    public bool Remount { get; private set; }

    /// <summary>tmpcopyup: a tmpfs starts with what the directory below it holds.</summary>
    public bool CopyUp { get; private set; }

    /// <summary>copy-symlink: a source that is a symbolic link is made again, instead of what it leads to being bound.</summary>
    public bool CopyLink { get; private set; }

    /// <summary>idmap or ridmap.</summary>
    public bool IdMapped { get; private set; }

    /// <summary>ridmap.</summary>
    public bool IdMapsRecursively { get; private set; }

    /// <summary>What of a bind's source is meant, from its top; null for all of it.</summary>
    public string? Subdirectory { get; private set; }

    /// <summary>The file of the mount namespace in which a bind's source is looked up; null for this one.</summary>
    public string? Namespace { get; private set; }

    /// <summary>What the filesystem understands, <c>key</c> or <c>key=value</c>, with those of every filesystem: sync, dirsync, lazytime.</summary>
    public IReadOnlyList<string> Data => _data;

    /// <summary>All options that mean something to every mount, in a new array.</summary>
    public static string[] Words
    {
        get
        {
            List<string> words = ["bind", "rbind", "remount", "tmpcopyup", "copy-symlink", "idmap", "ridmap", .. s_ignored, .. s_general];
            foreach (var (word, _) in s_propagations)
                words.AddRange([word, "r" + word]);
            foreach (var (word, _, _) in s_attributes)
                words.AddRange([word, "r" + word]);
            return [.. words];
        }
    }

    public bool ReadOnly => Set.HasFlag(MountAttributes.ReadOnly) || SetRecursively.HasFlag(MountAttributes.ReadOnly);

    public static MountOptions Parse(IReadOnlyList<string>? options)
    {
        var result = new MountOptions();
        foreach (var option in options ?? [])
            result.Add(option);
        return result;
    }

    private void Add(string option)
    {
        switch (option)
        {
            case "bind":
                Bind = true;
                break;
            case "rbind":
                Bind = BindRecursively = true;
                break;
            case var _ when Array.IndexOf(s_ignored, option) >= 0:
                break;
            case "remount":
                Remount = true;
                break;
            case "tmpcopyup":
                CopyUp = true;
                break;
            case "copy-symlink":
                CopyLink = true;
                break;
            case "idmap" or "ridmap":
                IdMapped = true;
                IdMapsRecursively |= option == "ridmap";
                break;
            case var _ when option.StartsWith(MountWords.Subdirectory, StringComparison.Ordinal):
                Subdirectory = option[MountWords.Subdirectory.Length..];
                break;
            case var _ when option.StartsWith(MountWords.Namespace, StringComparison.Ordinal):
                Namespace = option[MountWords.Namespace.Length..];
                break;
            default:
                if (!AddPropagation(option) && !AddAttribute(option))
                    _data.Add(option);
                break;
        }
    }

    private bool AddPropagation(string option)
    {
        var recursive = option.StartsWith('r');
        var word = recursive ? option[1..] : option;
        var known = Array.FindIndex(s_propagations, propagation => propagation.Word == word);
        if (known < 0)
            return false;
        Propagation = s_propagations[known].Propagation;
        PropagateRecursively = recursive;
        return true;
    }

    private bool AddAttribute(string option)
    {
        if (TryAttribute(option, out var set, out var clear))
        {
            Set = (Set & ~clear) | set;
            Clear = (Clear | clear) & ~(set & ~MountAttributes.AccessTimeMask);
            return true;
        }

        if (!option.StartsWith('r') || !TryAttribute(option[1..], out set, out clear))
            return false;
        SetRecursively = (SetRecursively & ~clear) | set;
        ClearRecursively = (ClearRecursively | clear) & ~(set & ~MountAttributes.AccessTimeMask);
        return true;
    }

    private static bool TryAttribute(string option, out MountAttributes set, out MountAttributes clear)
    {
        foreach (var known in s_attributes)
        {
            if (known.Word == option)
            {
                (set, clear) = (known.Set, known.Clear);
                return true;
            }
        }

        (set, clear) = (MountAttributes.None, MountAttributes.None);
        return false;
    }
}
