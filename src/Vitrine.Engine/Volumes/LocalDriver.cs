namespace Vitrine.Engine.Volumes;

/// <summary>
/// The options of docker's driver "local": <c>type</c>, <c>device</c> and <c>o</c>, as of mount(8). They are mounted on the
/// volume's directory by the first container that uses it, and unmounted after the last.
/// </summary>
internal static class LocalDriver
{
    public const string Name = "local";

    private static readonly string[] Known = ["type", "device", "o"];
    private static readonly string[] Mandatory = ["device", "type"];

    /// <summary>What is wrong with a driver and its options, in docker's words; null where nothing is.</summary>
    public static string? Problem(string? driver, IReadOnlyDictionary<string, string>? options)
    {
        if (driver is not (null or "" or Name))
            return $"error looking up volume plugin {driver}: plugin \"{driver}\" not found";
        if (options is not { Count: > 0 })
            return null;
        foreach (var option in options.Keys)
        {
            if (option == "size")
                return "quota size requested but no quota support: use o=size=... with type=tmpfs";
            if (!Known.Contains(option))
                return $"invalid option: \"{option}\"";
        }

        return Array.Find(Mandatory, option => !options.ContainsKey(option)) is { } missing ? $"missing required option: \"{missing}\"" : null;
    }

    /// <summary>
    /// The directory that a new volume's first content belongs into; null where it could not be seen: what is mounted later
    /// would cover it.
    /// </summary>
    /// <param name="options">The volume's options.</param>
    /// <param name="data">Its own directory.</param>
    public static string? Content(IReadOnlyDictionary<string, string>? options, string data)
    {
        if (options is not { Count: > 0 })
            return data;
        return options.TryGetValue("o", out var words) && words.Split(',').Any(word => word is "bind" or "rbind") ? options["device"] : null;
    }
}
