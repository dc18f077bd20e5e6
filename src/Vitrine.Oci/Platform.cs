using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Oci;

/// <summary>What an image runs on (image-spec image-index.md, platform), with Go's names for systems and processors.</summary>
public sealed record Platform
{
    [JsonPropertyName("architecture")]
    public required string Architecture { get; init; }

    [JsonPropertyName("os")]
    public required string Os { get; init; }

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>The machine this process runs on.</summary>
    public static Platform Host { get; } = new Platform { Os = "linux", Architecture = HostArchitecture() }.Normalize();

    /// <summary>Parses <c>os[/arch[/variant]]</c> or <c>arch</c> alone, as docker's <c>--platform</c> takes it.</summary>
    /// <exception cref="VitrineException">Invalid.</exception>
    public static Platform Parse(string text) => PlatformSyntax.Parse(text);

    /// <summary>The same platform under the usual names: <c>x86_64</c> is <c>amd64</c>, <c>arm64/v8</c> is <c>arm64</c>.</summary>
    public Platform Normalize() => PlatformSyntax.Normalize(this);

    /// <summary>
    /// The first candidate that runs on this platform, best variant first (containerd's rule): amd64/v3 also runs v2, v1 and plain
    /// amd64; arm/v7 also v6 and v5; arm64 also 32-bit arm. Null when nothing fits.
    /// </summary>
    public T? Choose<T>(IEnumerable<T> candidates, Func<T, Platform?> platformOf)
        where T : class
    {
        var list = candidates.ToList();
        foreach (var wanted in PlatformSyntax.Accepted(Normalize()))
        {
            var match = list.Find(candidate => platformOf(candidate) is { } offered && wanted.IsSame(offered.Normalize()));
            if (match is not null)
                return match;
        }

        return null;
    }

    /// <summary>Whether an image for <paramref name="offered"/> runs on this platform.</summary>
    public bool Accepts(Platform offered) => Choose([offered], static platform => platform) is not null;

    /// <summary><c>os/architecture[/variant]</c>.</summary>
    public override string ToString() =>
        string.IsNullOrEmpty(Variant) ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    private bool IsSame(Platform other) =>
        Os == other.Os && Architecture == other.Architecture && (Variant ?? "") == (other.Variant ?? "");

    private static string HostArchitecture() => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "arm",
        System.Runtime.InteropServices.Architecture.S390x => "s390x",
        System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
        System.Runtime.InteropServices.Architecture.RiscV64 => "riscv64",
        System.Runtime.InteropServices.Architecture.LoongArch64 => "loong64",
        System.Runtime.InteropServices.Architecture.Armv6 => "arm",
        _ => "unknown",
    };
}
