namespace Vitrine.Oci;

/// <summary>The names of platforms and which of them run each other's images, by containerd's rules (containerd/platforms).</summary>
internal static class PlatformSyntax
{
    private static readonly HashSet<string> KnownSystems = new(StringComparer.Ordinal)
    {
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl",
        "netbsd", "openbsd", "plan9", "solaris", "windows", "zos",
    };

    private static readonly HashSet<string> KnownArchitectures = new(StringComparer.Ordinal)
    {
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64", "mips64le",
        "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm",
    };

    public static Platform Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 3 || parts.Any(static part => !IsWord(part)))
            throw Invalid(text, "must be of the form os[/arch[/variant]]");

        var platform = parts.Length == 1
            ? ParseOne(parts[0])
            : new Platform { Os = parts[0], Architecture = parts[1], Variant = parts.Length == 3 ? parts[2] : null };
        return platform.Normalize();
    }

    public static Platform Normalize(Platform platform)
    {
        var (architecture, variant) = NormalizeArchitecture(
            platform.Architecture.ToLowerInvariant(), platform.Variant?.ToLowerInvariant() ?? "");
        return platform with
        {
            Os = NormalizeSystem(platform.Os.ToLowerInvariant()),
            Architecture = architecture,
            Variant = variant.Length == 0 ? null : variant,
        };
    }

    /// <summary>This normalized platform and the lesser ones whose images it also runs, best first.</summary>
    public static IEnumerable<Platform> Accepted(Platform platform)
    {
        yield return platform;
        foreach (var variant in LesserVariants(platform.Architecture, platform.Variant))
            yield return platform with { Variant = variant };
        if (platform.Architecture != "arm64")
            yield break;
        for (var version = 8; version >= 5; version--)
            yield return platform with { Architecture = "arm", Variant = $"v{version}" };
    }

    private static IEnumerable<string?> LesserVariants(string architecture, string? variant)
    {
        if (variant is null || !variant.StartsWith('v'))
            yield break;

        if (architecture is "amd64" or "arm" && int.TryParse(variant.AsSpan(1), out var level) && level is > 1 and < 100)
        {
            var least = architecture == "arm" ? 5 : 2;
            for (level--; level >= least; level--)
                yield return $"v{level}";
        }

        // arm64 has minor versions (v8.1, v9.2); each contains the base instruction set, which is plain arm64.
        if (architecture is "amd64" or "arm64")
            yield return null;
    }

    private static Platform ParseOne(string word)
    {
        var system = NormalizeSystem(word.ToLowerInvariant());
        if (KnownSystems.Contains(system))
            return new Platform { Os = system, Architecture = Platform.Host.Architecture, Variant = Platform.Host.Variant };

        var (architecture, variant) = NormalizeArchitecture(word.ToLowerInvariant(), "");
        return KnownArchitectures.Contains(architecture)
            ? new Platform { Os = "linux", Architecture = architecture, Variant = variant }
            : throw Invalid(word, "unknown operating system or architecture");
    }

    private static string NormalizeSystem(string system) => system == "macos" ? "darwin" : system;

    private static (string Architecture, string Variant) NormalizeArchitecture(string architecture, string variant) =>
        (architecture, variant) switch
        {
            ("i386" or "i686", _) => ("386", ""),
            ("x86_64" or "x86-64" or "amd64", "v1") => ("amd64", ""),
            ("x86_64" or "x86-64" or "amd64", _) => ("amd64", variant),
            ("aarch64" or "arm64", "8" or "v8" or "v8.0") => ("arm64", ""),
            ("aarch64" or "arm64", "9" or "9.0" or "v9.0") => ("arm64", "v9"),
            ("aarch64" or "arm64", _) => ("arm64", variant),
            ("armhf", _) => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            ("arm", "" or "7") => ("arm", "v7"),
            ("arm", "5" or "6" or "8") => ("arm", "v" + variant),
            _ => (architecture, variant),
        };

    private static bool IsWord(string part) =>
        part.Length > 0 && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    private static VitrineException Invalid(string text, string reason) =>
        new(ErrorKind.Invalid, $"\"{text}\": {reason}: invalid argument");
}
