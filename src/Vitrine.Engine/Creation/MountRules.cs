using Vitrine.Engine.Docker;
using Vitrine.Engine.Volumes;
using Vitrine.Linux;

namespace Vitrine.Engine.Creation;

/// <summary>Docker's rules for one mount, in its words.</summary>
internal static class MountRules
{
    /// <summary>What is wrong with a mount, or null.</summary>
    /// <param name="mount">What was asked.</param>
    /// <param name="sourceMustExist">Whether a bind's source is never made (--mount).</param>
    /// <param name="facts">The host.</param>
    public static string? Check(Mount mount, bool sourceMustExist, HostFacts facts) =>
        Problem(mount, sourceMustExist, facts) is { } problem
            ? $"invalid mount config for type \"{mount.Type}\": {problem}"
            : null;

    private static string? Problem(Mount mount, bool sourceMustExist, HostFacts facts)
    {
        if (string.IsNullOrEmpty(mount.Target))
            return "field Target must not be empty";
        if (AbsolutePath.Clean(mount.Target) == "/")
            return "invalid specification: destination can't be '/'";
        if (!mount.Target.StartsWith('/'))
            return NotAbsolute(mount.Target);
        return mount.Type switch
        {
            "bind" => BindProblem(mount, sourceMustExist, facts),
            "volume" => VolumeProblem(mount),
            "tmpfs" => TmpfsProblem(mount),
            _ => "mount type unknown",
        };
    }

    private static string? BindProblem(Mount mount, bool sourceMustExist, HostFacts facts)
    {
        if (string.IsNullOrEmpty(mount.Source))
            return "field Source must not be empty";
        if (mount.BindOptions?.Propagation is { Length: > 0 } propagation && !VolumeSpec.Propagations.Contains(propagation))
            return $"invalid propagation mode: {propagation}";
        if (mount.VolumeOptions is not null)
            return "field VolumeOptions must not be specified";
        if (!mount.Source.StartsWith('/'))
            return NotAbsolute(mount.Source);
        return sourceMustExist && mount.BindOptions is not { CreateMountpoint: true } && !facts.Exists(mount.Source)
            ? $"bind source path does not exist: {mount.Source}"
            : null;
    }

    private static string? VolumeProblem(Mount mount)
    {
        if (mount.BindOptions is not null)
            return "field BindOptions must not be specified";
        var isAnonymous = string.IsNullOrEmpty(mount.Source);
        if (isAnonymous && mount.ReadOnly)
            return "must not set ReadOnly mode when using anonymous volumes";
        if (isAnonymous && mount.VolumeOptions?.Subpath is { Length: > 0 })
            return "must not set Subpath when using anonymous volumes";
        if (!isAnonymous && VolumeService.NameProblem(mount.Source!) is { } problem)
            return problem;
        if (mount.VolumeOptions?.Subpath is { Length: > 0 } subpath && !IsInside(subpath))
            return "subpath must be a relative path within the volume";
        return LocalDriver.Problem(mount.VolumeOptions?.DriverConfig?.Name, mount.VolumeOptions?.DriverConfig?.Options);
    }

    private static bool IsInside(string subpath) => !subpath.StartsWith('/') && !subpath.Split('/').Contains("..");

    private static string? TmpfsProblem(Mount mount)
    {
        if (mount.BindOptions is not null)
            return "field BindOptions must not be specified";
        if (mount.VolumeOptions is not null)
            return "field VolumeOptions must not be specified";
        if (!string.IsNullOrEmpty(mount.Source))
            return "field Source must not be specified";
        return TmpfsSettings.Problem(TmpfsSettings.Options(mount));
    }

    private static string NotAbsolute(string path) => $"invalid mount path: '{path}' mount path must be absolute";
}
