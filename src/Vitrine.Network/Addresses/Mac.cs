using System.Net;

namespace Vitrine.Network;

/// <summary>Hardware addresses.</summary>
public static class Mac
{
    /// <summary>Made from the address, so that neighbours that remember an address are right when it is used again.</summary>
    public static byte[] Of(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        // Locally administered, unicast (IEEE 802), as docker makes them; of an IPv6 address the last four bytes.
        return [0x02, 0x42, .. bytes.AsSpan(bytes.Length - 4)];
    }

    public static string Text(ReadOnlySpan<byte> mac) => $"{mac[0]:x2}:{mac[1]:x2}:{mac[2]:x2}:{mac[3]:x2}:{mac[4]:x2}:{mac[5]:x2}";

    /// <summary>Reads six bytes of two hexadecimal digits between colons or hyphens.</summary>
    public static bool TryParse(string text, out byte[] mac)
    {
        mac = new byte[6];
        if (text.Length != 17)
            return false;
        for (var i = 0; i < 6; i++)
        {
            if ((i > 0 && text[i * 3 - 1] is not (':' or '-'))
                || !byte.TryParse(text.AsSpan(i * 3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out mac[i]))
                return false;
        }
        return true;
    }
}
