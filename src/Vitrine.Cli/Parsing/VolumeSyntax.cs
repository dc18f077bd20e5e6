using Vitrine.Commands.Parsing;

namespace Vitrine.Cli.Parsing;

/// <summary><c>-v [source:]target[:options]</c>.</summary>
internal static class VolumeSyntax
{
    /// <summary>A target alone asks for an anonymous volume.</summary>
    public static bool IsAnonymous(string volume) => !volume.Contains(':', StringComparison.Ordinal);

    /// <summary>Checks the sections between the colons; what they name is the engine's to look at.</summary>
    public static string Check(string volume)
    {
        if (volume.Length == 0)
            throw new VitrineException(ErrorKind.Invalid, "invalid empty volume spec");
        return volume.Split(':').All(section => section.Length > 0)
            ? volume
            : throw new VitrineException(ErrorKind.Invalid, $"invalid spec: {volume}: empty section between colons");
    }

    /// <summary>Makes a source that begins with a dot absolute, as the engine wants it.</summary>
    public static string MakeAbsolute(string volume)
    {
        var (source, rest) = KeyValues.Cut(volume, ':');
        return rest is not null && source is "." or ".." or ['.', '/', ..] or ['.', '.', '/', ..]
            ? $"{Path.GetFullPath(source)}:{rest}"
            : volume;
    }

    /// <summary>Whether the options ask for an SELinux label (z, Z), which has no meaning on a host without SELinux.</summary>
    public static bool AsksForLabel(string volume) =>
        volume.Split(':') is [_, _, var options] && options.Split(',').Any(o => o is "z" or "Z");
}
