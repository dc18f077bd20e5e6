namespace Vitrine.Glass.Labs;

/// <summary>Programs of the host that lessons use.</summary>
internal static class LabProgram
{
    /// <summary>Where programs are looked for: the caller's PATH, and what root's has on every Debian.</summary>
    public static string SearchPath { get; } = (Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path + ":" : "")
        + "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The file of a program, or null where the host has none of that name.</summary>
    public static string? Find(string name) => SearchPath.Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
}
