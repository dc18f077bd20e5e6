namespace Vitrine.Filters;

/// <summary>The profile of containers that name none: Docker's with less, every difference explained in docs/seccomp.md.</summary>
public static class DefaultSeccompProfile
{
    private const string ResourceName = "Vitrine.Filters.seccomp-default.json";

    /// <summary>The profile's text, in Docker's format: what a user's own profile can start from.</summary>
    public static byte[] Json
    {
        get
        {
            using var stream = typeof(DefaultSeccompProfile).Assembly.GetManifestResourceStream(ResourceName)!;
            var json = new byte[stream.Length];
            stream.ReadExactly(json);
            return json;
        }
    }

    /// <summary>Reads the profile.</summary>
    public static SeccompProfile Load() => SeccompProfile.Load(Json);
}
