namespace Vitrine.Glass.Labs;

/// <summary>Programs of the host that lessons use.</summary>
internal static class LabProgram
{
    private const string Usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Where programs are looked for: the caller's PATH, and what root's has on every Debian.</summary>
    public static string SearchPath { get; } = string.Join(':', $"{Environment.GetEnvironmentVariable("PATH")}:{Usual}"
        .Split(':', StringSplitOptions.RemoveEmptyEntries).Distinct());

    /// <summary>The file of a program, or null where the host has none of that name.</summary>
    public static string? Find(string name) => SearchPath.Split(':')
        .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
}
