using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Running;

/// <summary>Options of run and create: what the container may do, and what it shares with whom.</summary>
internal sealed class IsolationFlags(FlagSet flags)
{
    private readonly BoolFlag _privileged = flags.Bool("privileged", "Give extended privileges to this container");
    private readonly ListFlag<string> _capAdd = flags.List("cap-add", "Add Linux capabilities");
    private readonly ListFlag<string> _capDrop = flags.List("cap-drop", "Drop Linux capabilities");
    private readonly ListFlag<string> _securityOptions = flags.List("security-opt",
        "Security options: no-new-privileges, seccomp=FILE|unconfined, apparmor=PROFILE, systempaths=unconfined");

    private readonly ListFlag<string> _groups = flags.List("group-add", "Add additional groups to join");
    private readonly ListFlag<string> _sysctls = flags.Add(new ListFlag<string>("sysctl", Flag.None, "map", "Sysctl options", CheckSysctl));
    private readonly ValueFlag<string> _pid = flags.Text("pid", "PID namespace to use: host or container:NAME");
    private readonly ValueFlag<string> _ipc = flags.Text("ipc", "IPC mode to use: private, shareable, host, none or container:NAME");
    private readonly ValueFlag<string> _uts = flags.Text("uts", "UTS namespace to use: host or container:NAME");
    private readonly ValueFlag<string> _userns = flags.Text("userns", "User namespace to use: host");
    private readonly ValueFlag<string> _cgroupns = flags.Text("cgroupns", "Cgroup namespace to use: private (default) or host");
    private readonly ValueFlag<string> _cgroupParent = flags.Text("cgroup-parent", "Parent cgroup for the container");

    /// <summary>The request with what these options say.</summary>
    public HostConfig ApplyTo(HostConfig config)
    {
        var (securityOptions, unmask) = SecuritySyntax.Parse(_securityOptions.Values);
        return config with
        {
            Privileged = _privileged.Value,
            CapAdd = _capAdd.ValuesOrNull,
            CapDrop = _capDrop.ValuesOrNull,
            SecurityOpt = securityOptions.Count == 0 ? null : securityOptions,
            MaskedPaths = unmask ? [] : null,
            ReadonlyPaths = unmask ? [] : null,
            GroupAdd = _groups.ValuesOrNull,
            Sysctls = _sysctls.ValuesOrNull is { } sysctls ? KeyValues.ToMap(sysctls) : null,
            PidMode = CheckMode(_pid, "PID", "host", "container:"),
            IpcMode = _ipc.Value ?? "",
            UtsMode = CheckMode(_uts, "UTS", "host", "container:"),
            UsernsMode = CheckMode(_userns, "USER", "host"),
            CgroupnsMode = CheckMode(_cgroupns, "CGROUP", "host", "private"),
            CgroupParent = _cgroupParent.Value ?? "",
        };
    }

    /// <summary>A mode that ends in a colon takes a name after it.</summary>
    private static string CheckMode(ValueFlag<string> flag, string kind, params ReadOnlySpan<string> modes)
    {
        var value = flag.Value ?? "";
        var valid = value.Length == 0;
        foreach (var mode in modes)
            valid |= mode.EndsWith(':') ? value.StartsWith(mode, StringComparison.Ordinal) && value.Length > mode.Length : value == mode;
        return valid ? value : throw new VitrineException(ErrorKind.Invalid, $"--{flag.Name}: invalid {kind} mode");
    }

    private static string CheckSysctl(string text) => text.IndexOf('=', StringComparison.Ordinal) > 0
        ? text
        : throw new FlagValueException($"sysctl '{text}' is not allowed");
}
