using Vitrine.Cli.Output;
using Vitrine.Engine;
using Vitrine.Engine.Docker;
using Vitrine.Oci;

namespace Vitrine.Cli.Running;

/// <summary>Makes a container from the options of run or create, and pulls its image where that is due.</summary>
internal sealed class ContainerCreation(CliContext cli, ContainerFlags flags)
{
    /// <summary>Whether the container is started as soon as it is made: its shim is booted meanwhile.</summary>
    public bool StartFollows { get; init; }

    /// <summary>Makes it.</summary>
    /// <param name="arguments">The image, unless --rootfs stands for it, and the command.</param>
    /// <param name="streams">The streams that will be attached.</param>
    /// <returns>The container's id.</returns>
    public async Task<string> CreateAsync(IReadOnlyList<string> arguments, AttachedStreams streams)
    {
        var image = flags.Files.RootFs is null ? arguments[0] : "";
        var command = flags.Files.RootFs is null ? arguments.Skip(1).ToList() : arguments;
        var pull = flags.PullPolicy;
        var request = flags.ToRequest(image, command, streams);
        foreach (var volume in flags.Files.VolumesWithLabel)
            cli.Screen.Error.WriteLine($"vitrine: note: z and Z in '--volume {volume}' are ignored: there is no SELinux label to set");
        CheckIdFile();
        if (pull == "always" && image.Length > 0)
            await PullAsync(image);
        var created = await CreateOrPullAsync(request, image, mayPull: pull == "missing");
        foreach (var warning in created.Warnings)
            cli.Screen.Error.WriteLine($"WARNING: {warning}");
        if (flags.IdFile is { } idFile)
            await File.WriteAllTextAsync(idFile, created.Id);
        return created.Id;
    }

    private async Task<ContainerCreateResponse> CreateOrPullAsync(ContainerCreateRequest request, string image, bool mayPull)
    {
        var options = new CreateOptions { Platform = flags.Platform, RootFs = flags.Files.RootFs, StartFollows = StartFollows };
        try
        {
            return await cli.Engine.CreateAsync(flags.Name, request, options);
        }
        catch (VitrineException e) when (mayPull && image.Length > 0 && IsMissingImage(e))
        {
            if (!flags.Quiet)
                cli.Screen.Error.WriteLine($"Unable to find image '{ImageReference.Parse(image).WithDefaultTag().Familiar}' locally");
            await PullAsync(image);
            return await cli.Engine.CreateAsync(flags.Name, request, options);
        }
    }

    private Task PullAsync(string image) =>
        ImagePull.RunAsync(cli, ImageReference.Parse(image), flags.Platform, flags.Quiet ? null : TransferDisplay.OnError(cli.Screen));

    /// <summary>A container's name (--network container:x) that is not found is another matter.</summary>
    private static bool IsMissingImage(VitrineException error) =>
        error.Kind == ErrorKind.NotFound && error.Message.StartsWith("No such image", StringComparison.OrdinalIgnoreCase);

    private void CheckIdFile()
    {
        if (flags.IdFile is { } path && File.Exists(path))
        {
            throw new VitrineException(ErrorKind.Invalid,
                $"container ID file found, make sure the other container isn't running or delete {path}");
        }
    }
}
