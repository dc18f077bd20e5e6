namespace Vitrine.Linux;

/// <summary>
/// Flags of mounts in mount(8)'s and umount(8)'s words, for messages. Enum.ToString would need the members' names at run time, and the
/// shim is compiled without any names.
/// </summary>
public static class FlagWords
{
    private static readonly (ulong Bits, string Word)[] s_mount =
    [
        ((ulong)MountFlags.ReadOnly, "ro"), ((ulong)MountFlags.NoSuid, "nosuid"), ((ulong)MountFlags.NoDev, "nodev"),
        ((ulong)MountFlags.NoExec, "noexec"), ((ulong)MountFlags.Synchronous, "sync"), ((ulong)MountFlags.Remount, "remount"),
        ((ulong)MountFlags.NoAccessTime, "noatime"), ((ulong)MountFlags.NoDirectoryAccessTime, "nodiratime"), ((ulong)MountFlags.Bind, "bind"),
        ((ulong)MountFlags.Recursive, "recursive"), ((ulong)MountFlags.RelativeAccessTime, "relatime"),
        ((ulong)MountFlags.StrictAccessTime, "strictatime"), ((ulong)MountFlags.Unbindable, "unbindable"), ((ulong)MountFlags.Private, "private"),
        ((ulong)MountFlags.Slave, "slave"), ((ulong)MountFlags.Shared, "shared"),
    ];

    private static readonly (ulong Bits, string Word)[] s_attributes =
    [
        ((ulong)MountAttributes.ReadOnly, "ro"), ((ulong)MountAttributes.NoSuid, "nosuid"), ((ulong)MountAttributes.NoDev, "nodev"),
        ((ulong)MountAttributes.NoExec, "noexec"), ((ulong)MountAttributes.NoAccessTime, "noatime"),
        ((ulong)MountAttributes.StrictAccessTime, "strictatime"), ((ulong)MountAttributes.NoDirectoryAccessTime, "nodiratime"),
        ((ulong)MountAttributes.NoSymlinkFollow, "nosymfollow"), ((ulong)MountAttributes.IdMapped, "idmap"),
    ];

    private static readonly (ulong Bits, string Word)[] s_unmount =
        [((ulong)UnmountFlags.Force, "force"), ((ulong)UnmountFlags.Detach, "lazy"), ((ulong)UnmountFlags.NoFollow, "nofollow")];

    /// <summary>For example <c>ro,nosuid,bind</c>; empty where no flag is set.</summary>
    public static string Words(this MountFlags flags) => Of((ulong)flags, s_mount);

    /// <inheritdoc cref="Words(MountFlags)"/>
    public static string Words(this MountAttributes attributes) => Of((ulong)attributes, s_attributes);

    /// <inheritdoc cref="Words(MountFlags)"/>
    public static string Words(this UnmountFlags flags) => Of((ulong)flags, s_unmount);

    private static string Of(ulong value, (ulong Bits, string Word)[] words)
    {
        var found = new List<string>();
        foreach (var (bits, word) in words)
        {
            if ((value & bits) == 0)
                continue;
            found.Add(word);
            value &= ~bits;
        }

        if (value != 0)
            found.Add($"0x{value:x}");
        return string.Join(',', found);
    }
}
