using Vitrine.TestKit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>podman on a private host.</summary>
public sealed class PodmanEngine : IDisposable
{
    // The limits of open files and processes that podman would raise need a capability that not every machine gives.
    private const string Configuration = """
        [containers]
        default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
        [engine]
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        """;

    private readonly PrivateHost _host;
    private readonly string _files;
    private readonly string[] _options;

    /// <summary>Loads an image; <paramref name="options"/> is what each call says besides where podman keeps its files.</summary>
    public PodmanEngine(PrivateHost host, string archive, params string[] options)
    {
        _host = host;
        _files = Directory.CreateDirectory($"{host.Files}/podman").FullName;
        _options = options;
        File.WriteAllText(Settings, Configuration);
        Run(["load", "--quiet", "--input", archive]).ShouldSucceed();
    }

    private string Settings => $"{_files}/containers.conf";

    private string[] Program => ["podman", "--root", $"{_files}/root", "--runroot", $"{_files}/run", "--tmpdir", $"{_files}/tmp", .. _options];

    public CommandResult Run(IEnumerable<string> arguments) =>
        _host.Run([.. Program, .. arguments], new Dictionary<string, string?> { ["CONTAINERS_CONF"] = Settings });

    /// <summary>Starts podman's service, with crun, and returns its socket.</summary>
    public string Service()
    {
        var socket = $"{_files}/podman.sock";
        _host.Serve($"{_files}/log", ["env", $"CONTAINERS_CONF={Settings}", .. Program, "--runtime", "crun", "system", "service", "--time", "0", $"unix://{socket}"]);
        Eventually.True(() => File.Exists(socket), "podman's service listens", 60);
        return socket;
    }

    public void Dispose()
    {
        Run(["rm", "--all", "--force", "--time", "0"]);
        // The service's execs leave their monitors for five minutes, for who asks how they ended.
        foreach (var monitor in ProcessTable.WithArgument(_files).Where(line => line.Contains("/conmon ", StringComparison.Ordinal)))
            Command.Run("kill", monitor.Split(' ')[0]);
    }
}
