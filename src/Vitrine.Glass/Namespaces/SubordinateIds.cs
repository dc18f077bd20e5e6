using System.Globalization;

namespace Vitrine.Glass.Namespaces;

/// <summary>The ids that an administrator gave a user for his user namespaces (subuid(5), subgid(5)).</summary>
internal static class SubordinateIds
{
    /// <summary>The first range of a user, from inner id 0 on.</summary>
    /// <param name="path">/etc/subuid or /etc/subgid.</param>
    /// <param name="user">The user's number.</param>
    /// <param name="name">The user's name, or null.</param>
    /// <exception cref="VitrineException">The user has none.</exception>
    public static MappedRange First(string path, uint user, string? name)
    {
        var lines = File.Exists(path) ? File.ReadLines(path) : [];
        foreach (var line in lines)
        {
            if (line.Split(':') is [var owner, var start, var count]
                && (owner == name || owner == user.ToString(CultureInfo.InvariantCulture))
                && uint.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && uint.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                return new MappedRange(0, first, number);
        }

        throw new VitrineException(ErrorKind.Invalid, $"{path} has no range for {name ?? $"user {user}"}: let usermod add one, or name the ranges (--map-users, --map-groups)");
    }
}
