using Vitrine.Engine;

namespace Vitrine.Cli.Running;

/// <summary>Makes a container from the options of run or create, and pulls its image where that is due.</summary>
internal sealed class ContainerCreation(CliContext cli, ContainerFlags flags)
{
    /// <summary>Makes it.</summary>
    /// <param name="arguments">The image, unless --rootfs stands for it, and the command.</param>
    /// <param name="streams">The streams that will be attached.</param>
    /// <returns>The container's id.</returns>
    public async Task<string> CreateAsync(IReadOnlyList<string> arguments, AttachedStreams streams)
    {
        var image = flags.Files.RootFs is null ? arguments[0] : "";
        var command = flags.Files.RootFs is null ? arguments.Skip(1).ToList() : arguments;
        var request = flags.ToRequest(image, command, streams);
        foreach (var volume in flags.Files.VolumesWithLabel)
            cli.Screen.Error.WriteLine($"vitrine: note: z and Z in '--volume {volume}' are ignored: there is no SELinux label to set");
        CheckIdFile();
        var created = await cli.Engine.CreateAsync(flags.Name, request, new CreateOptions { Platform = flags.Platform, RootFs = flags.Files.RootFs });
        foreach (var warning in created.Warnings)
            cli.Screen.Error.WriteLine($"WARNING: {warning}");
        if (flags.IdFile is { } idFile)
            await File.WriteAllTextAsync(idFile, created.Id);
        return created.Id;
    }

    private void CheckIdFile()
    {
        if (flags.IdFile is { } path && File.Exists(path))
        {
            throw new VitrineException(ErrorKind.Invalid,
                $"container ID file found, make sure the other container isn't running or delete {path}");
        }
    }
}
