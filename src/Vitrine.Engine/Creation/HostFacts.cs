using System.Globalization;

namespace Vitrine.Engine.Creation;

/// <summary>What validation must know of the host; read when first asked for.</summary>
internal class HostFacts
{
    /// <summary>Processors online.</summary>
    public virtual int Processors => Environment.ProcessorCount;

    /// <summary>Processors a container may be bound to, as a list such as 0-3,8.</summary>
    public virtual string OnlineCpus => ReadLine("/sys/devices/system/cpu/online");

    /// <summary>Memory nodes, as a list.</summary>
    public virtual string OnlineMems => File.Exists("/sys/devices/system/node/online") ? ReadLine("/sys/devices/system/node/online") : "0";

    public virtual bool Exists(string path) => Path.Exists(path);

    /// <summary>Reads a list such as <c>0-3,7</c> (cpuset(7), list format).</summary>
    /// <returns>The numbers, or null where the text is not such a list.</returns>
    public static SortedSet<int>? ParseList(string text)
    {
        var numbers = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var first = dash < 0 ? part : part[..dash];
            var last = dash < 0 ? part : part[(dash + 1)..];
            if (!TryNumber(first, out var low) || !TryNumber(last, out var high) || low > high)
                return null;
            for (var number = low; number <= high; number++)
                numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>8192 is the most processors a kernel can be built for (NR_CPUS): a bound for hostile ranges.</summary>
    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < 8192;

    private static string ReadLine(string path) => File.ReadAllText(path).Trim();
}
