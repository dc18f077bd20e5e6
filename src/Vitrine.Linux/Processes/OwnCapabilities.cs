using System.Runtime.InteropServices;

namespace Vitrine.Linux;

/// <summary>The capabilities of this process.</summary>
public static unsafe partial class OwnCapabilities
{
    private const uint Version3 = 0x20080522;

    /// <summary>The permitted set (capget(2)): what can be given to children.</summary>
    public static CapabilitySet Permitted
    {
        get
        {
            var header = stackalloc uint[2] { Version3, 0 };
            // Two of { effective, permitted, inheritable }: the low and the high 32 bits.
            var data = stackalloc uint[6];
            Check.Result(CapGet(header, data), "capget");
            return new CapabilitySet(data[1] | (ulong)data[4] << 32);
        }
    }

    [LibraryImport("libc", EntryPoint = "capget", SetLastError = true)]
    private static partial int CapGet(uint* header, uint* data);
}
