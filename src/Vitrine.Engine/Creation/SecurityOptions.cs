using Vitrine.Engine.Docker;

namespace Vitrine.Engine.Creation;

/// <summary>What --security-opt says, parsed once.</summary>
internal sealed record SecurityOptions
{
    /// <summary>Whether the process may never gain privileges; null where not said.</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary>unconfined, a profile's JSON, or null for the default.</summary>
    public string? Seccomp { get; init; }

    /// <summary>unconfined, the name of a loaded profile, or null for the default.</summary>
    public string? AppArmor { get; init; }

    /// <summary>systempaths=unconfined: nothing is masked or read-only.</summary>
    public bool UnconfinedPaths { get; init; }

    public bool SeccompUnconfined => Seccomp == "unconfined";

    /// <summary>Parses <see cref="HostConfig.SecurityOpt"/> (name=value, or Docker's old name:value).</summary>
    public static SecurityOptions Parse(HostConfig host, Problems problems)
    {
        var options = new SecurityOptions();
        foreach (var option in host.SecurityOpt ?? [])
        {
            var separator = option.IndexOfAny(['=', ':']);
            var name = separator < 0 ? option : option[..separator];
            var value = separator < 0 ? null : option[(separator + 1)..];
            options = options.With(name, value, option, problems);
        }
        return options;
    }

    private SecurityOptions With(string name, string? value, string option, Problems problems)
    {
        switch (name)
        {
            case "no-new-privileges" when value is null or "true" or "1":
                return this with { NoNewPrivileges = true };
            case "no-new-privileges" when value is "false" or "0":
                return this with { NoNewPrivileges = false };
            case "seccomp" when value is { Length: > 0 }:
                return this with { Seccomp = value == "builtin" ? null : value };
            case "apparmor" when value is { Length: > 0 }:
                return this with { AppArmor = value };
            case "systempaths" when value is "unconfined":
                return this with { UnconfinedPaths = true };
            case "label" when value is not null:
                problems.Warn("SELinux labels are not supported by this version: --security-opt label is ignored");
                return this;
            default:
                problems.Add($"invalid --security-opt: \"{option}\"");
                return this;
        }
    }
}
