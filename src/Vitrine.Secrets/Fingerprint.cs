using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Secrets;

/// <summary>
/// Tells equal secrets by eight hexadecimal digits that give nothing away: SipHash-2-4 keyed with the boot id, so that the
/// fingerprint of a weak password cannot be looked up anywhere else, nor after a reboot.
/// </summary>
public sealed class Fingerprint
{
    private readonly ulong key0;
    private readonly ulong key1;

    /// <param name="key">16 bytes.</param>
    public Fingerprint(ReadOnlySpan<byte> key)
    {
        key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>Keyed with /proc/sys/kernel/random/boot_id; with random bytes where that cannot be read.</summary>
    public static Fingerprint OfHost(ProcFs proc)
    {
        Span<byte> key = stackalloc byte[16];
        if (!TryBootId(proc, key))
            Entropy.Fill(key);
        return new Fingerprint(key);
    }

    public string Of(string value) => $"{(uint)Hash(Encoding.UTF8.GetBytes(value)):x8}";

    /// <summary>SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF").</summary>
    internal ulong Hash(ReadOnlySpan<byte> message)
    {
        var (v0, v1) = (key0 ^ 0x736f6d6570736575, key1 ^ 0x646f72616e646f6d);
        var (v2, v3) = (key0 ^ 0x6c7967656e657261, key1 ^ 0x7465646279746573);
        var last = (ulong)message.Length << 56;
        for (; message.Length >= 8; message = message[8..])
            Absorb(BinaryPrimitives.ReadUInt64LittleEndian(message));
        for (var i = 0; i < message.Length; i++)
            last |= (ulong)message[i] << (8 * i);
        Absorb(last);
        v2 ^= 0xff;
        for (var i = 0; i < 4; i++)
            Round();
        return v0 ^ v1 ^ v2 ^ v3;

        void Absorb(ulong word)
        {
            v3 ^= word;
            Round();
            Round();
            v0 ^= word;
        }

        void Round()
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }

    private static bool TryBootId(ProcFs proc, Span<byte> key)
    {
        try
        {
            var text = proc.SystemText("sys/kernel/random/boot_id")?.Trim().Replace("-", "", StringComparison.Ordinal);
            return text?.Length == 32 && Convert.FromHexString(text, key, out _, out _) == System.Buffers.OperationStatus.Done;
        }
        catch (LinuxException)
        {
            return false;
        }
    }
}
