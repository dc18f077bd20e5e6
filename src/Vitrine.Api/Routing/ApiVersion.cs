using System.Globalization;

namespace Vitrine.Api.Routing;

/// <summary>A version of the Engine API. All are 1.something, and the something decides.</summary>
internal readonly record struct ApiVersion(int Minor) : IComparable<ApiVersion>
{
    /// <summary>The newest that is spoken; what a path without a version gets.</summary>
    public static readonly ApiVersion Newest = new(51);

    /// <summary>The oldest that is spoken.</summary>
    public static readonly ApiVersion Oldest = new(24);

    /// <summary>
    /// The oldest that is spoken about images: what is asked of them has not changed since, and skopeo still asks so.
    /// </summary>
    private static readonly ApiVersion s_oldestForImages = new(22);

    /// <summary>Reads <c>v1.41</c>.</summary>
    /// <param name="segment">The first part of the path.</param>
    /// <param name="area">The second.</param>
    /// <exception cref="VitrineException">Invalid, in docker's words: too old or too new.</exception>
    public static ApiVersion? TryParse(string segment, string area)
    {
        if (segment is not ['v', .. var number] || number.Split('.') is not [var major, var minor]
            || !int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var second))
            return null;
        var oldest = area == "images" ? s_oldestForImages : Oldest;
        if (first < 1 || first == 1 && second < oldest.Minor)
            throw new VitrineException(ErrorKind.Invalid,
                $"client version {number} is too old. Minimum supported API version is {Oldest}, please upgrade your client to a newer version");
        if (first > 1 || second > Newest.Minor)
            throw new VitrineException(ErrorKind.Invalid, $"client version {number} is too new. Maximum supported API version is {Newest}");
        return new ApiVersion(second);
    }

    /// <summary>Whether this is version 1.<paramref name="minor"/> or later.</summary>
    public bool Has(int minor) => Minor >= minor;

    public int CompareTo(ApiVersion other) => Minor.CompareTo(other.Minor);

    public override string ToString() => $"1.{Minor.ToString(CultureInfo.InvariantCulture)}";
}
