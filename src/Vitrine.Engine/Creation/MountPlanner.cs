using Vitrine.Engine.Docker;
using Vitrine.Engine.Storage;
using Vitrine.Linux;

namespace Vitrine.Engine.Creation;

/// <summary>
/// Decides a container's mounts in Docker's order: volumes of other containers, -v, --mount, --tmpfs, then an anonymous volume
/// for each of the image's volumes that has no mount yet. A path that two of the user's mounts name is an error.
/// </summary>
internal sealed class MountPlanner(HostFacts facts, Problems problems)
{
    private readonly Dictionary<string, ContainerMount> _mounts = [];
    private readonly HashSet<string> _asked = [];

    /// <param name="config">The merged configuration.</param>
    /// <param name="host">What the user asked of the host.</param>
    /// <param name="volumesFrom">The mounts of a container named by --volumes-from.</param>
    public IReadOnlyList<ContainerMount> Plan(ContainerConfig config, HostConfig host,
        Func<string, IReadOnlyList<ContainerMount>> volumesFrom)
    {
        foreach (var from in host.VolumesFrom ?? [])
            Inherit(from, volumesFrom);
        foreach (var raw in host.Binds ?? [])
            AddBind(raw);
        foreach (var mount in host.Mounts ?? [])
        {
            if (MountRules.Check(mount, sourceMustExist: true, facts) is { } error)
                problems.Add(error);
            else
                AddAsked(FromMount(mount, ""));
        }
        foreach (var (target, options) in host.Tmpfs ?? new Dictionary<string, string>())
            AddTmpfs(target, options);
        foreach (var target in config.Volumes?.Keys ?? [])
            AddImageVolume(target);
        return [.. _mounts.Values.OrderBy(mount => mount.Destination.Count(letter => letter == '/')).ThenBy(mount => mount.Destination, StringComparer.Ordinal)];
    }

    private void Inherit(string from, Func<string, IReadOnlyList<ContainerMount>> volumesFrom)
    {
        var (name, mode) = from.Split(':') switch { [var one] => (one, "rw"), [var one, var two] => (one, two), _ => ("", "") };
        if (name.Length == 0 || mode is not ("ro" or "rw" or "z" or "Z"))
        {
            problems.Add($"invalid mode for volumes-from: {from}");
            return;
        }
        // The other container's volume is shared, but it stays the other's to remove.
        foreach (var mount in volumesFrom(name).Where(mount => !mount.Hidden && mount.Type != "tmpfs"))
            _mounts[mount.Destination] = mount with { ReadOnly = mount.ReadOnly || mode == "ro", Anonymous = false, NoCopy = true, Inherited = true };
    }

    private void AddBind(string raw)
    {
        if (VolumeSpec.Parse(raw, out var mode, out var error) is not { } mount)
            problems.Add(error!);
        else if (MountRules.Check(mount, sourceMustExist: false, facts) is { } wrong)
            problems.Add($"invalid volume specification: '{raw}': {wrong}");
        else
            AddAsked(FromMount(mount, mode) with { CreateSource = mount.Type == "bind" });
        if (mode.Split(',').Any(option => option is "z" or "Z"))
            problems.Warn("SELinux labels are not supported by this version: the volume option z is ignored");
    }

    private static ContainerMount FromMount(Mount mount, string mode)
    {
        var anonymous = mount.Type == "volume" && string.IsNullOrEmpty(mount.Source);
        return new ContainerMount
        {
            Type = mount.Type!,
            Name = mount.Type != "volume" ? null : anonymous ? Entropy.NewId() : mount.Source,
            Source = mount.Type == "bind" ? AbsolutePath.Clean(mount.Source!) : "",
            Destination = AbsolutePath.Clean(mount.Target!),
            ReadOnly = mount.ReadOnly,
            Mode = mode,
            Propagation = mount.Type == "bind" ? mount.BindOptions?.Propagation is { Length: > 0 } asked ? asked : "rprivate" : "",
            NonRecursive = mount.BindOptions?.NonRecursive ?? false,
            ReadOnlyNonRecursive = mount.BindOptions?.ReadOnlyNonRecursive ?? false,
            CreateSource = mount.BindOptions?.CreateMountpoint ?? false,
            Anonymous = anonymous,
            NoCopy = mount.VolumeOptions?.NoCopy ?? false,
            Labels = mount.VolumeOptions?.Labels,
            DriverOptions = mount.VolumeOptions?.DriverConfig?.Options is { Count: > 0 } options ? options : null,
            Subpath = mount.VolumeOptions?.Subpath is { Length: > 0 } subpath ? subpath : null,
            TmpfsOptions = mount.Type == "tmpfs" ? TmpfsSettings.Merge(TmpfsSettings.Options(mount)) : null,
        };
    }

    private void AddTmpfs(string target, string text)
    {
        var options = TmpfsSettings.Options(text);
        var mount = new Mount { Type = "tmpfs", Target = target };
        if ((MountRules.Check(mount, sourceMustExist: false, facts) ?? TmpfsSettings.Problem(options)) is { } error)
            problems.Add(error);
        else
            AddAsked(FromMount(mount, "") with { TmpfsOptions = TmpfsSettings.Merge(options), Hidden = true });
    }

    private void AddImageVolume(string target)
    {
        var mount = new Mount { Type = "volume", Target = target };
        if (MountRules.Check(mount, sourceMustExist: false, facts) is { } error)
            problems.Add(error);
        else
            _mounts.TryAdd(AbsolutePath.Clean(target), FromMount(mount, ""));
    }

    private void AddAsked(ContainerMount mount)
    {
        if (_asked.Add(mount.Destination))
            _mounts[mount.Destination] = mount;
        else
            problems.Add($"Duplicate mount point: {mount.Destination}");
    }
}
