using System.Globalization;

namespace Vitrine.Linux;

/// <summary>
/// Flags of mounts in mount(8)'s and umount(8)'s words, for messages. Enum.ToString would need the members' names at run time, and the
/// shim is compiled without any names.
/// </summary>
public static class FlagWords
{
    private static readonly (long Bits, string Word)[] s_mount =
    [
        ((long)MountFlags.ReadOnly, "ro"), ((long)MountFlags.NoSuid, "nosuid"), ((long)MountFlags.NoDev, "nodev"),
        ((long)MountFlags.NoExec, "noexec"), ((long)MountFlags.Synchronous, "sync"), ((long)MountFlags.Remount, "remount"),
        ((long)MountFlags.NoAccessTime, "noatime"), ((long)MountFlags.NoDirectoryAccessTime, "nodiratime"), ((long)MountFlags.Bind, "bind"),
        ((long)MountFlags.Move, "move"), ((long)MountFlags.Recursive, "recursive"), ((long)MountFlags.RelativeAccessTime, "relatime"),
        ((long)MountFlags.StrictAccessTime, "strictatime"), ((long)MountFlags.Unbindable, "unbindable"), ((long)MountFlags.Private, "private"),
        ((long)MountFlags.Slave, "slave"), ((long)MountFlags.Shared, "shared"),
    ];

    private static readonly (long Bits, string Word)[] s_attributes =
    [
        ((long)MountAttributes.ReadOnly, "ro"), ((long)MountAttributes.NoSuid, "nosuid"), ((long)MountAttributes.NoDev, "nodev"),
        ((long)MountAttributes.NoExec, "noexec"), ((long)MountAttributes.NoAccessTime, "noatime"),
        ((long)MountAttributes.StrictAccessTime, "strictatime"), ((long)MountAttributes.NoDirectoryAccessTime, "nodiratime"),
        ((long)MountAttributes.NoSymlinkFollow, "nosymfollow"), ((long)MountAttributes.IdMapped, "idmap"),
    ];

    private static readonly (long Bits, string Word)[] s_unmount =
        [((long)UnmountFlags.Force, "force"), ((long)UnmountFlags.Detach, "lazy"), ((long)UnmountFlags.NoFollow, "nofollow")];

    /// <summary>For example <c>ro,nosuid,bind</c>; empty where no flag is set.</summary>
    public static string Words(this MountFlags flags) => Join((long)flags, s_mount, ',');

    /// <inheritdoc cref="Words(MountFlags)"/>
    public static string Words(this MountAttributes attributes) => Join((long)attributes, s_attributes, ',');

    /// <inheritdoc cref="Words(MountFlags)"/>
    public static string Words(this UnmountFlags flags) => Join((long)flags, s_unmount, ',');

    /// <summary>The words of a mask's bits; bits without a word are left in hexadecimal.</summary>
    /// <param name="value">The mask.</param>
    /// <param name="words">A word for more than one bit needs all of them; bits that have a word get no second one.</param>
    /// <param name="separator">What stands between words.</param>
    public static string Join(long value, (long Bits, string Word)[] words, char separator)
    {
        var found = new List<string>();
        foreach (var (bits, word) in words)
        {
            if ((value & bits) != bits)
                continue;
            found.Add(word);
            value &= ~bits;
        }

        if (value != 0)
            found.Add(string.Create(CultureInfo.InvariantCulture, $"0x{value:x}"));
        return string.Join(separator, found);
    }
}
