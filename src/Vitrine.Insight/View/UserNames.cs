using System.Globalization;
using System.Text;
using Vitrine.Insight.Stores;

namespace Vitrine.Insight.View;

/// <summary>The names in a passwd(5) file; the first of an id counts, as getpwuid(3) has it.</summary>
internal sealed class UserNames
{
    private readonly Dictionary<uint, string> names = [];

    public static UserNames Read(StoreFiles root) => Parse(root.Read("/etc/passwd") ?? []);

    internal static UserNames Parse(ReadOnlySpan<byte> text)
    {
        var users = new UserNames();
        foreach (var range in text.Split((byte)'\n'))
        {
            // name:password:uid:...
            var line = text[range];
            var first = line.IndexOf((byte)':');
            var second = first < 1 ? -1 : line[(first + 1)..].IndexOf((byte)':') + first + 1;
            if (second <= first)
                continue;
            var rest = line[(second + 1)..];
            var end = rest.IndexOf((byte)':');
            if (end > 0 && uint.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var uid))
                users.names.TryAdd(uid, Encoding.UTF8.GetString(line[..first]));
        }

        return users;
    }

    /// <summary>The name, or the number where there is none.</summary>
    public string Of(uint uid) => names.TryGetValue(uid, out var name) ? name : uid.ToString(CultureInfo.InvariantCulture);
}
