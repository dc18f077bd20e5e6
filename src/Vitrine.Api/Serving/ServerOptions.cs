using System.Globalization;
using Vitrine.Engine;

namespace Vitrine.Api.Serving;

/// <summary>How the server was asked to run: its command line, and the environment that the CLI has too.</summary>
internal sealed record ServerOptions
{
    public const string Usage = """
        Usage: vitrined [OPTIONS]

        Serve the Docker Engine API on a unix socket

        Options:
          -H, --host LIST            unix:///PATH, fd:// (sockets from systemd) or tcp://HOST:PORT (needs --tlsverify);
                                     may be repeated (default unix:///run/vitrine/docker.sock)
          -G, --group NAME           Group that may use the unix socket, by name or number (default: root alone)
              --data-root DIR        Images, containers and volumes (default /var/lib/vitrine)
              --exec-root DIR        Sockets of running containers (default /run/vitrine)
              --tlsverify            Serve TCP with TLS to clients with a certificate of --tlscacert
              --tlscacert FILE       Certificates (PEM) that clients' certificates must come from
              --tlscert FILE         The server's certificate (PEM)
              --tlskey FILE          Its key (PEM)
              --audit-log FILE       Write a line of JSON for each call to FILE
          -D, --debug                Say more on standard error
          -v, --version              Print the version and quit
              --help                 Print this and quit

        Environment: VITRINE_DATA_ROOT, VITRINE_EXEC_ROOT, VITRINE_SHIM, VITRINE_AUDIT_LOG,
                     VITRINE_CGROUP_PARENT

        """;

    public IReadOnlyList<string> Hosts { get; init; } = [];
    public string? Group { get; init; }
    public string DataRoot { get; init; } = FromEnvironment("VITRINE_DATA_ROOT", "/var/lib/vitrine");
    public string ExecRoot { get; init; } = FromEnvironment("VITRINE_EXEC_ROOT", "/run/vitrine");
    public bool TlsVerify { get; init; }
    public string? TlsCaCert { get; init; }
    public string? TlsCert { get; init; }
    public string? TlsKey { get; init; }
    public string? AuditLog { get; init; } = Environment.GetEnvironmentVariable("VITRINE_AUDIT_LOG") is { Length: > 0 } file ? file : null;
    public bool Debug { get; init; }
    public bool ShowVersion { get; init; }
    public bool ShowHelp { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="VitrineException">Invalid: no such option, or a value is missing or wrong.</exception>
    public static ServerOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ServerOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, inline) = Split(arguments[i]);
            string Value() => inline ?? (++i < arguments.Count ? arguments[i] : throw Invalid($"flag needs an argument: {name}"));
            options = name switch
            {
                // How vitrine calls it, whose own options come first.
                "serve" => options,
                "--config" or "-l" or "--log-level" => Value() == "debug" ? options with { Debug = true } : options,
                "-H" or "--host" => options with { Hosts = [.. options.Hosts, Value()] },
                "-G" or "--group" => options with { Group = Value() },
                "--data-root" => options with { DataRoot = Path.GetFullPath(Value()) },
                "--exec-root" => options with { ExecRoot = Path.GetFullPath(Value()) },
                "--tlsverify" => options with { TlsVerify = inline is null or "true" },
                "--tlscacert" => options with { TlsCaCert = Value() },
                "--tlscert" => options with { TlsCert = Value() },
                "--tlskey" => options with { TlsKey = Value() },
                "--audit-log" => options with { AuditLog = Value() },
                "-D" or "--debug" => options with { Debug = inline is null or "true" },
                "-v" or "--version" => options with { ShowVersion = true },
                "--help" or "-h" => options with { ShowHelp = true },
                _ => throw Invalid($"unknown flag: {arguments[i]}"),
            };
        }
        return options;
    }

    public EngineOptions ToEngineOptions() => new()
    {
        DataRoot = DataRoot,
        ExecRoot = ExecRoot,
        IsLongLived = true,
        KeepsRecords = true,
        CgroupParent = EngineOptions.CgroupParentOfEnvironment(),
        PublishAddress = FromEnvironment("VITRINE_PUBLISH_ADDRESS", ""),
        ShimPath = Path.GetFullPath(FromEnvironment("VITRINE_SHIM", Path.Combine(AppContext.BaseDirectory, "vitrine-shim"))),
    };

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static VitrineException Invalid(string message) =>
        new(ErrorKind.Invalid, string.Create(CultureInfo.InvariantCulture, $"{message}; see 'vitrined --help'"));

    private static string FromEnvironment(string name, string fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } set ? set : fallback;
}
