using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Running;

/// <summary>Options of run and create: the container's file system and devices.</summary>
internal sealed class FileFlags(FlagSet flags)
{
    private readonly ValueFlag<string> _rootFs = flags.Text("rootfs", "Use this directory as the root filesystem, in place of IMAGE");
    private readonly BoolFlag _readOnly = flags.Bool("read-only", "Mount the container's root filesystem as read only");
    private readonly ListFlag<string> _volumes = flags.List("volume", 'v', "Bind mount a volume");
    private readonly ListFlag<string> _volumesFrom = flags.List("volumes-from", "Mount volumes from the specified container(s)");
    private readonly ValueFlag<string> _volumeDriver = flags.Text("volume-driver", "Volume driver for the container: local");
    private readonly ListFlag<Mount> _mounts =
        flags.Add(new ListFlag<Mount>("mount", Flag.None, "mount", "Attach a filesystem mount to the container", MountSyntax.Parse));

    private readonly ListFlag<string> _tmpfs = flags.List("tmpfs", "Mount a tmpfs directory");
    private readonly ListFlag<string> _devices = flags.List("device", "Add a host device to the container");
    private readonly ListFlag<string> _deviceRules = flags.List("device-cgroup-rule", "Add a rule to the cgroup allowed devices list", CheckDeviceRule);

    /// <summary>A directory in place of an image, absolute, or null.</summary>
    public string? RootFs => string.IsNullOrEmpty(_rootFs.Value) ? null : Path.GetFullPath(_rootFs.Value);

    /// <summary>Volumes with z or Z, which changes nothing here.</summary>
    public IEnumerable<string> VolumesWithLabel => _volumes.Values.Where(VolumeSyntax.AsksForLabel);

    /// <summary>Targets of volumes without a source.</summary>
    public Dictionary<string, EmptyObject>? AnonymousVolumes()
    {
        var volumes = new Dictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var volume in _volumes.Values.Select(VolumeSyntax.Check).Where(VolumeSyntax.IsAnonymous))
            volumes[volume] = default;
        return volumes.Count == 0 ? null : volumes;
    }

    /// <summary>The request with what these options say.</summary>
    public HostConfig ApplyTo(HostConfig config)
    {
        var binds = _volumes.Values.Where(v => !VolumeSyntax.IsAnonymous(v)).Select(VolumeSyntax.MakeAbsolute).ToList();
        return config with
        {
            Binds = binds.Count == 0 ? null : binds,
            VolumeDriver = _volumeDriver.Value ?? "",
            VolumesFrom = _volumesFrom.ValuesOrNull,
            ReadonlyRootfs = _readOnly.Value,
            Tmpfs = _tmpfs.ValuesOrNull is { } tmpfs ? TmpfsMounts(tmpfs) : null,
            Mounts = _mounts.ValuesOrNull,
            Devices = _devices.ValuesOrNull?.Select(DeviceSyntax.Parse).ToList(),
            DeviceCgroupRules = _deviceRules.ValuesOrNull,
        };
    }

    private static Dictionary<string, string> TmpfsMounts(IReadOnlyList<string> list)
    {
        var mounts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var mount in list)
        {
            var (path, options) = KeyValues.Cut(mount, ':');
            mounts[path] = options ?? "";
        }

        return mounts;
    }

    /// <summary>type major:minor access, as in the devices cgroup: <c>c 1:* rwm</c>.</summary>
    private static string CheckDeviceRule(string rule)
    {
        var valid = rule.Split(' ') is [['a' or 'b' or 'c'], var numbers, { Length: >= 1 and <= 3 } access]
            && numbers.Split(':') is [var major, var minor] && IsNumberOrAll(major) && IsNumberOrAll(minor)
            && !access.AsSpan().ContainsAnyExcept("rwm");
        return valid ? rule : throw new FlagValueException($"invalid device cgroup format '{rule}'");
    }

    private static bool IsNumberOrAll(string text) => text == "*" || (text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9'));
}
