using Vitrine.TestKit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>containerd on a private host, spoken to by ctr.</summary>
public sealed class ContainerdEngine : IDisposable
{
    private readonly PrivateHost _host;
    private readonly string _files;

    /// <summary>Starts it and imports an image.</summary>
    public ContainerdEngine(PrivateHost host, string archive)
    {
        _host = host;
        _files = Directory.CreateDirectory($"{host.Files}/containerd").FullName;
        File.WriteAllText($"{_files}/config.toml", $"""
            version = 2
            root = "{_files}/root"
            state = "{_files}/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
            address = "{Socket}"
            """);
        host.Serve($"{_files}/log", "containerd", "--config", $"{_files}/config.toml");
        Eventually.True(() => Run(["version"]).ExitCode == 0, "containerd answers", 60);
        Run(["images", "import", archive]).ShouldSucceed();
        Image = Run(["images", "list", "--quiet"]).ShouldSucceed().Lines[0];
    }

    /// <summary>The name of the image.</summary>
    public string Image { get; }

    private string Socket => $"{_files}/containerd.sock";

    public CommandResult Run(IEnumerable<string> arguments) => _host.Run(["ctr", "--address", Socket, .. arguments]);

    /// <summary>Removes its containers; the program itself ends with the host.</summary>
    public void Dispose()
    {
        foreach (var id in Run(["containers", "list", "--quiet"]).Lines)
        {
            Run(["tasks", "delete", "--force", id]);
            Run(["containers", "delete", id]);
        }
    }
}
