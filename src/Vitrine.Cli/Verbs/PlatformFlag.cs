using Vitrine.Commands.CommandLine;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>--platform</c> of verbs about an image that is here: it has one platform, and is that one or not found.</summary>
internal static class PlatformFlag
{
    public static ListFlag<Platform> Ours() =>
        new("platform", Flag.None, "string", "Only where the image is for this platform, os/arch[/variant]", Platform.Parse);

    /// <summary>Fails where an image is not for a platform that was asked for.</summary>
    /// <exception cref="VitrineException">NotFound, in docker's words.</exception>
    public static void Check(ListFlag<Platform> flag, CliContext cli, IEnumerable<string> images)
    {
        foreach (var image in flag.Values.Count > 0 ? images : [])
        {
            var has = cli.Engine.Images.Get(image).Config.Platform;
            foreach (var wanted in flag.Values)
            {
                if (has is not null && !wanted.Accepts(has))
                {
                    throw new VitrineException(ErrorKind.NotFound,
                        $"image with reference {image} was found but its platform ({has}) does not match the specified platform ({wanted})");
                }
            }
        }
    }
}
