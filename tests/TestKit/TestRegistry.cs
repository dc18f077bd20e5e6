using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Vitrine.TestKit;

/// <summary>Debian's docker-registry on a loopback port, filled with the test images; optionally behind a password.</summary>
public sealed class TestRegistry : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("vitrine-registry-").FullName;
    private readonly int port;
    private Process? process;

    /// <param name="htpasswd">A line user:bcrypt-hash that is asked for, or null for an open registry.</param>
    public TestRegistry(string? htpasswd = null)
    {
        Need.Program("docker-registry", "registry");
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        WriteConfig(htpasswd);
        Start();
    }

    /// <summary>host:port, as an image reference begins.</summary>
    public string Address => $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Where its blobs lie, for tests that damage them.</summary>
    public string Storage => Path.Combine(directory, "data");

    public void Start()
    {
        process = Command.Start("/usr/bin/docker-registry", ["serve", Path.Combine(directory, "config.yml")]);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        Eventually.True(Answers, $"the registry answers on {Address}");
    }

    public void Stop()
    {
        if (process is null)
            return;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    /// <summary>Copies an image of the test layout into the registry and returns the reference to pull it by.</summary>
    public string Push(string tag, string? repository = null, string? credentials = null)
    {
        var reference = $"{Address}/{repository ?? "test/" + tag}:latest";
        string[] login = credentials is null ? [] : ["--dest-creds", credentials];
        Command.Run("skopeo", ["copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false", .. login,
            $"oci:{Repository.ImageLayout}:{tag}", $"docker://{reference}"], null, null, TimeSpan.FromMinutes(3)).ShouldSucceed();
        return reference;
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(directory, recursive: true);
    }

    private bool Answers()
    {
        if (process!.HasExited)
            Assert.Fail($"docker-registry left with exit code {process.ExitCode}");
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void WriteConfig(string? htpasswd)
    {
        Directory.CreateDirectory(Storage);
        var auth = "";
        if (htpasswd is not null)
        {
            File.WriteAllText(Path.Combine(directory, "htpasswd"), htpasswd + "\n");
            auth = $"\nauth:\n  htpasswd:\n    realm: vitrine-test\n    path: {directory}/htpasswd";
        }

        File.WriteAllText(Path.Combine(directory, "config.yml"), $"""
            version: 0.1
            log:
              level: error
            storage:
              filesystem:
                rootdirectory: {Storage}
              delete:
                enabled: true
            http:
              addr: {Address}{auth}
            """);
    }
}
