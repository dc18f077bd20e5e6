using System.Text.Json;
using Vitrine.Engine.Bundle;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Networks;
using Vitrine.Engine.Security;
using Vitrine.Engine.Storage;
using Vitrine.Images;
using Vitrine.Linux;

namespace Vitrine.Engine.Creation;

/// <summary>
/// Makes containers: (1) decide everything and find every problem, (2) make what the container needs outside of itself,
/// (3) write its directory under a hidden name, (4) take its name, (5) let it appear.
/// </summary>
internal sealed class ContainerCreator(ContainerStore store, VolumeStore volumes, Lazy<ImageStore> images, Attachments attachments, EngineOptions options)
{
    private readonly HostFacts _facts = new();

    /// <param name="id">Its id.</param>
    /// <param name="name">Its name, or null for a random one.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="creation">What the request has no field for.</param>
    /// <param name="image">The image, unpacked; null with --rootfs.</param>
    /// <param name="cancellation">Honoured before anything is written.</param>
    public CreatedContainer Create(string id, string? name, ContainerCreateRequest request, CreateOptions creation, Image? image, CancellationToken cancellation)
    {
        var asked = name is null ? null : ObjectName.CheckContainer(name);
        store.EnsureExists();
        // From here on nobody deletes the layers until the container's record says that it stands on them.
        using var hold = image is null ? null : images.Value.HoldImages();
        if (image is not null)
            CheckImage(image, request.Image, creation.Platform);
        var (record, user, warnings) = DecideOrRefuse(id, request, creation, image);
        if (asked is not null && store.Names.Find(asked) is { } owner && store.TryResolve(owner) is not null)
            throw NameTaken(asked, owner);
        cancellation.ThrowIfCancellationRequested();
        using var volumesHeld = record.Mounts.Any(mount => mount.IsVolume) ? volumes.Hold() : null;
        MakeVolumes(record);
        record = Write(record, asked);
        return new CreatedContainer(record, user, warnings, File.GetLastWriteTimeUtc(store.Paths.Container(record.Id).Record));
    }

    /// <summary>
    /// Not found is said of the image alone: docker's CLI pulls it then. Another container or a network that is not there makes the
    /// request wrong.
    /// </summary>
    private (ContainerRecord Record, ProcessUser User, IReadOnlyList<string> Warnings) DecideOrRefuse(
        string id, ContainerCreateRequest request, CreateOptions creation, Image? image)
    {
        try
        {
            return Decide(id, request, creation, image);
        }
        catch (Exception e) when (e is VitrineException { Kind: ErrorKind.NotFound } or Network.NetworkException { Failure: Network.NetworkFailure.NotFound })
        {
            throw new VitrineException(ErrorKind.Invalid, e.Message, e);
        }
    }

    /// <summary>Step 1. Nothing is written.</summary>
    private (ContainerRecord Record, ProcessUser User, IReadOnlyList<string> Warnings) Decide(
        string id, ContainerCreateRequest request, CreateOptions creation, Image? image)
    {
        var config = ConfigMerge.Merge(request.ConfigOnly(), image is null ? new ImageConfigInfo() : ImageRecords.Config(image));
        var problems = new Problems();
        var host = Resolved(request.HostConfig ?? new HostConfig());
        RequestRules.CheckConfig(config, problems);
        RequestRules.CheckHost(request, host, problems);
        ResourceRules.Check(host, _facts, problems);
        if (creation.RootFs is { } directory)
            problems.AddIf(!Path.IsPathRooted(directory) || !Directory.Exists(directory), $"rootfs directory does not exist: {directory}");
        var mounts = new MountPlanner(_facts, problems).Plan(config, host, from => Load(from).Mounts);
        host = HostDefaults.Apply(host, problems);
        if (!host.Privileged && SecurityOptions.Parse(host, new Problems()).AppArmor is null && new DefaultAppArmorProfile().Warning is { } warning)
            problems.Warn(warning);
        var networking = attachments.Decide(host, request.NetworkingConfig, problems);
        problems.ThrowIfAny();

        var record = new ContainerRecord
        {
            Id = id,
            Name = id,
            Created = options.Time.GetUtcNow(),
            ImageId = image?.Id.ToString() ?? "",
            Layers = image is null ? [] : [.. image.ChainIds.Select(chain => chain.ToString())],
            RootFs = creation.RootFs is null ? null : AbsolutePath.Clean(creation.RootFs),
            Config = config with { Hostname = Hostname(config, host, id), Image = creation.RootFs ?? request.Image },
            HostConfig = host,
            Networking = networking,
            Mounts = mounts,
            CgroupPath = (host.CgroupParent.Length > 0 ? host.CgroupParent : options.CgroupParent) + "/" + id,
        };
        return (record, CheckAgainstRootFs(record), problems.Warnings);
    }

    /// <summary>What can only be known of the image's files and the host's devices.</summary>
    private ProcessUser CheckAgainstRootFs(ContainerRecord record)
    {
        using var tree = RootFs.Open(store.Paths, record, upper: false);
        foreach (var mount in record.Mounts.Where(mount => mount.Anonymous))
        {
            if (tree.Stat(mount.Destination) is { Kind: not FileKind.Directory })
                throw new VitrineException(ErrorKind.Invalid, $"cannot mount volume over existing file, file exists {mount.Destination}");
        }
        DeviceScan.Requested(record.HostConfig.Devices ?? []);
        SecuritySettings.Seccomp(record.HostConfig, CapabilitySet.AllNamed);
        return RootFs.ResolveUser(tree, record.Config.User, record.HostConfig.GroupAdd);
    }

    private void CheckImage(Image image, string reference, string? platform)
    {
        if (!image.ChainIds.All(images.Value.Layers.Contains))
            throw new VitrineException(ErrorKind.NotFound, $"No such image: {reference}");
        if (platform is not null && image.Config.Platform is { } offered && !Oci.Platform.Parse(platform).Accepts(offered))
        {
            throw new VitrineException(ErrorKind.NotFound,
                $"image with reference {reference} was found but its platform ({offered}) does not match the specified platform ({platform})");
        }
    }

    /// <summary>container:NAME becomes container:ID, so that renaming the other one changes nothing.</summary>
    private HostConfig Resolved(HostConfig host) => host with
    {
        NetworkMode = Resolved(host.NetworkMode),
        PidMode = Resolved(host.PidMode),
        IpcMode = Resolved(host.IpcMode),
        UtsMode = Resolved(host.UtsMode),
    };

    private string Resolved(string mode) =>
        new NamespaceMode(mode).Container is { Length: > 0 } other ? NamespaceMode.Join(store.Resolve(other)) : mode;

    private ContainerRecord Load(string container) =>
        ContainerFiles.ReadRecord(store.Paths.Container(store.Resolve(container))) ?? throw ContainerStore.NoSuch(container);

    private string Hostname(ContainerConfig config, HostConfig host, string id)
    {
        if (config.Hostname.Length > 0)
            return config.Hostname;
        if (new NamespaceMode(host.UtsMode).IsHost || new NamespaceMode(host.NetworkMode).IsHost)
            return Environment.MachineName;
        var other = new NamespaceMode(host.UtsMode).Container ?? new NamespaceMode(host.NetworkMode).Container;
        return other is null ? id[..12] : Load(other).Config.Hostname;
    }

    /// <summary>Step 2. A volume that is left over when a later step fails is empty or filled as if by docker volume create.</summary>
    private void MakeVolumes(ContainerRecord record)
    {
        foreach (var mount in record.Mounts.Where(mount => mount.IsVolume))
        {
            volumes.Ensure(mount.Name!, mount.Anonymous, mount.Labels, mount.NoCopy ? null : data =>
            {
                using var tree = RootFs.Open(store.Paths, record, upper: false);
                tree.CopyTo(mount.Destination, data);
            }, mount.DriverOptions);
        }
        foreach (var mount in record.Mounts.Where(mount => mount is { IsVolume: true, Inherited: true }))
            volumes.Share(mount.Name!);
        foreach (var mount in record.Mounts.Where(mount => mount.CreateSource && !Path.Exists(mount.Source)))
            Directory.CreateDirectory(mount.Source);
    }

    private ContainerRecord Write(ContainerRecord record, string? asked)
    {
        var hidden = store.Paths.Hidden(record.Id, "new");
        PrivateDirectory.Create(hidden.Directory);
        string? taken = null;
        try
        {
            using var mine = FileLock.Acquire(hidden.Lock);
            foreach (var directory in new[] { hidden.Bundle, hidden.Upper, hidden.Work, hidden.RootFs })
                Directory.CreateDirectory(directory);
            taken = TakeName(record.Id, asked);
            record = record with { Name = taken };
            ContainerFiles.WriteNew(hidden.Record, JsonSerializer.SerializeToUtf8Bytes(record, StoreWriteJson.Default.ContainerRecord),
                durable: !record.AutoRemove);
            Directory.Move(hidden.Directory, store.Paths.Container(record.Id).Directory);
            return record;
        }
        catch
        {
            if (taken is not null)
                store.Names.Release(taken, record.Id);
            FileTree.Delete(hidden.Directory);
            foreach (var volume in record.AnonymousVolumes)
                volumes.Remove(volume);
            throw;
        }
    }

    /// <summary>Step 4: the name asked for, or a random one that is free.</summary>
    private string TakeName(string id, string? asked)
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = asked ?? NameGenerator.Next(attempt);
            if (store.Names.Take(name, id) is not { } owner)
                return name;
            if (asked is not null)
                throw NameTaken(name, owner);
        }
    }

    public static VitrineException NameTaken(string name, string owner) => new(ErrorKind.Conflict,
        $"Conflict. The container name \"/{name}\" is already in use by container \"{owner}\". "
        + "You have to remove (or rename) that container to be able to reuse that name.");
}

/// <summary>A container just made, with what was found out on the way.</summary>
/// <param name="Record">What container.json says.</param>
/// <param name="User">Its user.</param>
/// <param name="Warnings">What could not be honoured to the letter.</param>
/// <param name="Written">The modification time of container.json: as long as it stays, so does the record.</param>
internal sealed record CreatedContainer(ContainerRecord Record, ProcessUser User, IReadOnlyList<string> Warnings, DateTime Written);
