using System.Globalization;

namespace Vitrine.Linux;

/// <summary>Names of capabilities: to bit numbers and back, and which of them the running kernel has.</summary>
public static class Capabilities
{
    /// <summary>The prefix that every name has in the kernel and in config.json, and that users may leave out.</summary>
    public const string Prefix = "CAP_";

    /// <summary>The highest bit that this version has a name for.</summary>
    public const Capability LastNamed = Capability.CAP_CHECKPOINT_RESTORE;

    private const string LastCapFile = "/proc/sys/kernel/cap_last_cap";

    /// <summary>
    /// The kernel's name of a capability, e.g. <c>CAP_CHOWN</c>; a bit newer than this version is named by number as
    /// capsh(1) does, e.g. <c>41</c>.
    /// </summary>
    public static string Name(Capability capability) =>
        capability <= LastNamed ? string.Concat(Prefix, ShortName(capability)) : ShortName(capability);

    /// <summary>Reads a name with or without the prefix, in any case: <c>CAP_CHOWN</c>, <c>chown</c>.</summary>
    /// <returns>False where there is no such capability; <c>ALL</c> is a set, not a capability.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out Capability capability)
    {
        if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            name = name[Prefix.Length..];
        for (capability = 0; capability <= LastNamed; capability++)
        {
            if (name.Equals(ShortName(capability), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        capability = 0;
        return false;
    }

    /// <summary>
    /// Every capability of the running kernel (proc_sys_kernel(5), cap_last_cap). A bit above the kernel's last one cannot be
    /// raised nor dropped, so a set meant as "all" is cut to this.
    /// </summary>
    /// <param name="file">The file to read, for tests.</param>
    /// <returns>All that this version can name where the file cannot be read.</returns>
    public static CapabilitySet OfKernel(string file = LastCapFile)
    {
        Span<byte> text = stackalloc byte[8];
        try
        {
            using var handle = File.OpenHandle(file);
            text = text[..RandomAccess.Read(handle, text, 0)].TrimEnd("\n"u8);
        }
        catch (IOException)
        {
            return CapabilitySet.AllNamed;
        }

        return byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? CapabilitySet.UpTo((Capability)Math.Min(last, (byte)63))
            : CapabilitySet.AllNamed;
    }

    private static string ShortName(Capability capability) => capability switch
    {
        Capability.CAP_CHOWN => "CHOWN",
        Capability.CAP_DAC_OVERRIDE => "DAC_OVERRIDE",
        Capability.CAP_DAC_READ_SEARCH => "DAC_READ_SEARCH",
        Capability.CAP_FOWNER => "FOWNER",
        Capability.CAP_FSETID => "FSETID",
        Capability.CAP_KILL => "KILL",
        Capability.CAP_SETGID => "SETGID",
        Capability.CAP_SETUID => "SETUID",
        Capability.CAP_SETPCAP => "SETPCAP",
        Capability.CAP_LINUX_IMMUTABLE => "LINUX_IMMUTABLE",
        Capability.CAP_NET_BIND_SERVICE => "NET_BIND_SERVICE",
        Capability.CAP_NET_BROADCAST => "NET_BROADCAST",
        Capability.CAP_NET_ADMIN => "NET_ADMIN",
        Capability.CAP_NET_RAW => "NET_RAW",
        Capability.CAP_IPC_LOCK => "IPC_LOCK",
        Capability.CAP_IPC_OWNER => "IPC_OWNER",
        Capability.CAP_SYS_MODULE => "SYS_MODULE",
        Capability.CAP_SYS_RAWIO => "SYS_RAWIO",
        Capability.CAP_SYS_CHROOT => "SYS_CHROOT",
        Capability.CAP_SYS_PTRACE => "SYS_PTRACE",
        Capability.CAP_SYS_PACCT => "SYS_PACCT",
        Capability.CAP_SYS_ADMIN => "SYS_ADMIN",
        Capability.CAP_SYS_BOOT => "SYS_BOOT",
        Capability.CAP_SYS_NICE => "SYS_NICE",
        Capability.CAP_SYS_RESOURCE => "SYS_RESOURCE",
        Capability.CAP_SYS_TIME => "SYS_TIME",
        Capability.CAP_SYS_TTY_CONFIG => "SYS_TTY_CONFIG",
        Capability.CAP_MKNOD => "MKNOD",
        Capability.CAP_LEASE => "LEASE",
        Capability.CAP_AUDIT_WRITE => "AUDIT_WRITE",
        Capability.CAP_AUDIT_CONTROL => "AUDIT_CONTROL",
        Capability.CAP_SETFCAP => "SETFCAP",
        Capability.CAP_MAC_OVERRIDE => "MAC_OVERRIDE",
        Capability.CAP_MAC_ADMIN => "MAC_ADMIN",
        Capability.CAP_SYSLOG => "SYSLOG",
        Capability.CAP_WAKE_ALARM => "WAKE_ALARM",
        Capability.CAP_BLOCK_SUSPEND => "BLOCK_SUSPEND",
        Capability.CAP_AUDIT_READ => "AUDIT_READ",
        Capability.CAP_PERFMON => "PERFMON",
        Capability.CAP_BPF => "BPF",
        Capability.CAP_CHECKPOINT_RESTORE => "CHECKPOINT_RESTORE",
        _ => ((byte)capability).ToString(CultureInfo.InvariantCulture),
    };
}
