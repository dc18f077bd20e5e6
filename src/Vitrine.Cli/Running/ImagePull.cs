using Vitrine.Cli.Output;
using Vitrine.Commands;
using Vitrine.Images;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Cli.Running;

/// <summary>Pulls an image and shows how it goes, for pull, run and create.</summary>
internal static class ImagePull
{
    /// <summary>Pulls.</summary>
    /// <param name="cli">The context.</param>
    /// <param name="reference">What to pull; its tag is latest where it has none.</param>
    /// <param name="platform">os/architecture[/variant], or null for this host's.</param>
    /// <param name="display">Where to show how it goes, or null.</param>
    public static async Task RunAsync(CliContext cli, ImageReference reference, string? platform, TransferDisplay? display)
    {
        using var interrupt = new Interrupt();
        await cli.Engine.PullImageAsync(reference.ToString(), new PullOptions
        {
            Platform = platform is null ? null : Platform.Parse(platform),
            Progress = display,
            Registry = RegistryOptions.Load() with { DockerConfigDirectory = cli.Globals.ConfigDirectory },
        }, interrupt.Token);
    }
}
