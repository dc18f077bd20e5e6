using Vitrine.TestKit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>dockerd on a private host.</summary>
public sealed class DockerEngine : IDisposable
{
    private readonly PrivateHost _host;
    private readonly string _files;

    /// <summary>Starts it, with <paramref name="options"/> besides where it keeps its files and what it must leave alone, and loads an image.</summary>
    public DockerEngine(PrivateHost host, string archive, params string[] options)
    {
        _host = host;
        _files = Directory.CreateDirectory($"{host.Files}/docker").FullName;
        host.Serve($"{_files}/log",
        [
            "dockerd", "--data-root", $"{_files}/data", "--exec-root", $"{_files}/exec", "--pidfile", $"{_files}/pid", "--host", $"unix://{Socket}",
            "--iptables=false", "--ip-forward=false", "--ip-masq=false", "--storage-driver", "overlay2", .. options,
        ]);
        Eventually.True(() => Run(["version"]).ExitCode == 0, "dockerd answers", 60);
        Run(["load", "--quiet", "--input", archive]).ShouldSucceed();
    }

    public string Socket => $"{_files}/docker.sock";

    public CommandResult Run(IEnumerable<string> arguments) =>
        _host.Run(["docker", "--host", $"unix://{Socket}", .. arguments], new Dictionary<string, string?> { ["DOCKER_CONFIG"] = _files });

    /// <summary>Removes its containers; the program itself ends with the host.</summary>
    public void Dispose()
    {
        foreach (var id in Run(["ps", "--all", "--quiet"]).Lines)
            Run(["rm", "--force", id]);
    }
}
