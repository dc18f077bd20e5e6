using System.Globalization;
using System.Text;
using Vitrine.Linux;

namespace Vitrine.Network;

/// <summary>What the table of nftables was when it was known to be right.</summary>
/// <param name="Generation">The generation of the namespace's rule set.</param>
/// <param name="Sum">A number made of all rules of the table, as the kernel tells them.</param>
internal sealed record FirewallSeal(uint Generation, ulong Sum)
{
    /// <summary>The seal of a file; null where there is none, or it is no seal.</summary>
    public static FirewallSeal? Read(string path)
    {
        try
        {
            var words = File.ReadAllText(path).Split(' ');
            return words.Length == 2 && uint.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
                && ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sum) ? new FirewallSeal(generation, sum) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Writes it, where it says anything new. A crash may leave the one before: that costs the next one a look.</summary>
    public void Write(string path)
    {
        if (this != Read(path))
            AtomicFile.Write(path, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Generation} {Sum}")), durable: false);
    }
}
