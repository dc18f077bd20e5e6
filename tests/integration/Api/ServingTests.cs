using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>How the server is started and reached, and what it writes down.</summary>
public sealed class ServingTests(ApiSandbox box) : IClassFixture<ApiSandbox>
{
    [Fact]
    public void AuditLog_TellsWhoCalled_AndNoSecrets()
    {
        var file = Path.Combine(box.Files, "audit.log");
        Restart("--audit-log", file);
        var (_, created) = box.Send("POST", "/containers/create?name=audited",
            """{"Image":"busybox","Cmd":["true"],"Env":["DB_PASSWORD=hunter2","PLAIN=seen","URL=http://u:hunter2@h/"],"HostConfig":{"NetworkMode":"none"}}""");
        box.Send("POST", "/auth", """{"username":"anna","password":"hunter2","serveraddress":"127.0.0.1:1"}""");
        Assert.Equal("said", box.DockerOk("run", "--rm", "--network", "none", "busybox", "echo", "said"));
        box.Send("DELETE", "/containers/audited");

        Eventually.True(() => Lines(file).Any(line => line.GetProperty("method").GetString() == "DELETE"), "the last call is written down");
        var create = Lines(file).First(line => line.GetProperty("path").GetString()!.StartsWith("/containers/create", StringComparison.Ordinal));
        Assert.Equal(System.Environment.ProcessId, create.GetProperty("pid").GetInt32());
        Assert.Equal(0, create.GetProperty("uid").GetInt32());
        Assert.Contains("Vitrine.Tests.Integration", create.GetProperty("command").GetString(), StringComparison.Ordinal);
        Assert.Equal(201, create.GetProperty("status").GetInt32());
        Assert.True(create.GetProperty("durationMs").GetDouble() > 0);
        Assert.Contains("DB_PASSWORD=[hidden: 7 characters, #", create.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.Contains("PLAIN=seen", create.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.Equal("audited", Lines(file).Single(line => line.GetProperty("method").GetString() == "DELETE").GetProperty("container").GetString());
        // The stream of the docker CLI below the HTTP parser is a call as any other.
        var attach = Lines(file).Single(line => line.GetProperty("path").GetString()!.Contains("/attach", StringComparison.Ordinal));
        Assert.Equal(101, attach.GetProperty("status").GetInt32());
        Assert.Contains("docker run --rm", attach.GetProperty("command").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.True(created.TryGetProperty("Id", out _));
    }

    [Fact]
    public void Tcp_IsForClientsWithACertificateOfTheAuthority()
    {
        Need.Program("openssl", "openssl");
        var (mine, other) = (new Certificates(Path.Combine(box.Files, "mine")), new Certificates(Path.Combine(box.Files, "other")));
        var host = $"tcp://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
        Restart("--host", host, "--host", $"unix://{box.Socket}", "--tlsverify", "--tlscacert", mine.Authority, "--tlscert", mine.Server.Certificate, "--tlskey", mine.Server.Key);
        string[] trusting = ["--host", host, "--tlsverify", "--tlscacert", mine.Authority];

        Assert.Equal("Vitrine", box.DockerOk([.. trusting, "--tlscert", mine.Client.Certificate, "--tlskey", mine.Client.Key, "version", "--format", "{{.Server.Platform.Name}}"]));
        Assert.Equal("over tls", box.DockerOk([.. trusting, "--tlscert", mine.Client.Certificate, "--tlskey", mine.Client.Key, "run", "--rm", "--network", "none", "busybox", "echo", "over tls"]));

        Assert.NotEqual(0, box.Docker([.. trusting, "--tlscert", "", "--tlskey", "", "version"]).ExitCode);
        Assert.NotEqual(0, box.Docker([.. trusting, "--tlscert", other.Client.Certificate, "--tlskey", other.Client.Key, "version"]).ExitCode);
        Assert.NotEqual(0, box.Docker([.. trusting, "--tlscert", mine.Server.Certificate, "--tlskey", mine.Server.Key, "version"]).ExitCode);
        Assert.NotEqual(0, box.Docker("--host", host, "version").ExitCode);
        Assert.Equal("Vitrine", box.DockerOk("version", "--format", "{{.Server.Platform.Name}}"));
    }

    [Theory]
    [InlineData("only with --tlsverify", "--host", "tcp://127.0.0.1:2376")]
    [InlineData("--tlsverify needs --tlscacert", "--host", "tcp://127.0.0.1:2376", "--tlsverify")]
    [InlineData("there is no group 'nosuchgroup'", "--group", "nosuchgroup", "--host", "unix:///tmp/vitrine-nobody-listens.sock")]
    [InlineData("LISTEN_FDS", "--host", "fd://")]
    [InlineData("unix:///PATH, fd:// or tcp://HOST:PORT", "--host", "npipe://x")]
    [InlineData("unknown flag: --nosuch", "--nosuch")]
    public void WhatCannotBeServed_IsSaidInALine(string reason, params string[] arguments)
    {
        var result = Command.Run(Repository.Binary("vitrined"), arguments, null, box.Environment, null);

        result.ShouldFail(1, reason);
        Assert.Single(result.Stderr.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Server_ListensOnWhatSystemdHandsOver_AndLeavesItAlone()
    {
        Need.Program("python3", "python3-docker");
        box.StopServer();
        // As systemd: the socket is listened on before there is a server, is descriptor 3, and stays when the server ends.
        var script = Path.Combine(box.Files, "activate.py");
        File.WriteAllText(script, """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.bind(sys.argv[1])
            s.listen(16)
            if s.fileno() != 3:
                os.dup2(s.fileno(), 3)
            os.set_inheritable(3, True)
            os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
            os.execv(sys.argv[2], sys.argv[2:])
            """);
        box.ServeBy("/usr/bin/python3", [script, box.Socket, Repository.Binary("vitrined"), "--debug"]);

        Assert.Equal("Vitrine", box.DockerOk("version", "--format", "{{.Server.Platform.Name}}"));
        Assert.Contains("listening on descriptor 3", box.Log, StringComparison.Ordinal);
        Assert.Equal("", box.DockerOk("run", "--rm", "--network", "none", "busybox", "sh", "-c", "env | grep LISTEN_ || true"));
        box.StopServer();
        Assert.True(File.Exists(box.Socket), "the socket is systemd's to remove");
        File.Delete(box.Socket);
        box.Serve();
    }

    [Fact]
    public void Socket_OfAKilledServer_IsTakenOver_ThoughAProcessStillHasIt()
    {
        Need.Program("python3", "python3-docker");
        box.StopServer();
        // As a process that the server was starting when it was killed, before that became another program.
        var heir = int.Parse(Command.Run("python3", ["-c", """
            import os, socket, sys, time
            s = socket.socket(socket.AF_UNIX)
            s.bind(sys.argv[1])
            s.listen(16)
            child = os.fork()
            if child:
                print(child, flush=True)
                os._exit(0)
            null = os.open('/dev/null', os.O_RDWR)
            for fd in range(3):
                os.dup2(null, fd)
            time.sleep(600)
            """, box.Socket]).ShouldSucceed().Text, CultureInfo.InvariantCulture);
        try
        {
            box.Serve();

            Assert.Equal("Vitrine", box.DockerOk("version", "--format", "{{.Server.Platform.Name}}"));
            Command.Run(Repository.Binary("vitrined"), [], null, box.Environment, null).ShouldFail(1, "another server listens");
        }
        finally
        {
            Command.Run("kill", ["-KILL", heir.ToString(CultureInfo.InvariantCulture)]);
        }
    }

    [Fact]
    public void Group_MayUseTheSocket_AndNobodyElse()
    {
        Need.Program("setpriv", "setpriv");
        var place = Directory.CreateTempSubdirectory("vitrine-group-").FullName;
        try
        {
            var socket = Path.Combine(place, "docker.sock");
            Restart("--group", "nogroup", "--host", $"unix://{socket}", "--host", $"unix://{box.Socket}");
            CommandResult As(string group) => Command.Run("setpriv",
                ["--reuid=65534", $"--regid={group}", "--clear-groups", "docker", "--host", $"unix://{socket}", "version", "--format", "{{.Server.Platform.Name}}"],
                null, new Dictionary<string, string?> { ["DOCKER_CONFIG"] = "/nonexistent" }, null);

            Assert.Equal("660 nogroup", Command.Run("stat", "--format", "%a %G", socket).Text);
            Assert.Equal("Vitrine", As("65534").ShouldSucceed().Text);
            Assert.Contains("permission denied", As("65533").ShouldExit(1).Stderr, StringComparison.Ordinal);
            Restart();
            Assert.Equal("600 root", Command.Run("stat", "--format", "%a %G", box.Socket).Text);
            Assert.False(File.Exists(socket));
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    [Fact]
    public void VitrineServe_IsTheServer()
    {
        box.StopServer();
        box.ServeBy(Repository.Binary("vitrine"), ["serve", "--debug"]);

        Assert.Equal("vitrined", ProcessTable.Name(box.ServerPid));
        Assert.Equal("Vitrine", box.DockerOk("version", "--format", "{{.Server.Platform.Name}}"));
    }

    /// <summary>A boot is told by what the states of containers name: another than now, and no supervisor is left.</summary>
    [Fact]
    public void AfterABoot_WhatShouldRunRunsAgain()
    {
        foreach (var policy in new[] { "always", "unless-stopped", "on-failure" })
            box.DockerOk("run", "--detach", "--name", policy, "--restart", policy, "--network", "none", "busybox", "sleep", "100000");
        box.DockerOk("run", "--detach", "--name", "stopped", "--restart", "unless-stopped", "--network", "none", "busybox", "sleep", "100000");
        box.DockerOk("stop", "--time", "0", "stopped");
        string[] names = ["always", "unless-stopped", "on-failure", "stopped"];
        box.StopServer();
        foreach (var name in names)
            ShutDown(name);

        box.Serve();

        Eventually.Equal("running running exited exited", () => string.Join(' ', names.Select(name => box.Inspect(name, "{{.State.Status}}"))), 60);
        Assert.Contains("container always started again after the host", box.Log, StringComparison.Ordinal);
        var pid = box.Pid("always");
        Restart();
        Assert.Equal(pid, box.Pid("always"));
        Assert.Equal("exited", box.Inspect("on-failure", "{{.State.Status}}"));
        box.DockerOk(["rm", "--force", .. names]);
    }

    /// <summary>As the power going: nothing of it runs, and the next boot has another id.</summary>
    private void ShutDown(string name)
    {
        var id = box.Inspect(name, "{{.Id}}");
        if (box.Inspect(name, "{{.State.Status}}") == "running")
        {
            var (shim, pid) = (box.ShimPid(name), box.Pid(name));
            Command.Run("kill", "-KILL", shim.ToString(CultureInfo.InvariantCulture), pid.ToString(CultureInfo.InvariantCulture)).ShouldSucceed();
            Eventually.True(() => !ProcessTable.Exists(pid) && !ProcessTable.Exists(shim), $"{name} is dead");
        }
        var file = Directory.GetFiles(Path.Combine(box.DataRoot, "containers", id), "state*").Single();
        var state = File.ReadAllText(file);
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        Assert.Contains(boot, state, StringComparison.Ordinal);
        File.WriteAllText(file, state.Replace(boot, "00000000-0000-4000-8000-000000000000", StringComparison.Ordinal));
    }

    private void Restart(params string[] arguments)
    {
        box.StopServer();
        box.Serve(arguments);
    }

    private static List<JsonElement> Lines(string file) => [.. File.ReadLines(file).Select(line =>
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    })];

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>An authority, and a certificate of it for a server at 127.0.0.1 and one for a client, each good for its own part alone.</summary>
    private sealed class Certificates
    {
        private readonly string _directory;

        public Certificates(string directory)
        {
            _directory = Directory.CreateDirectory(directory).FullName;
            OpenSsl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=authority", "-keyout", File("ca.key"), "-out", Authority);
            Server = Issue("server", "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth");
            Client = Issue("client", "extendedKeyUsage=clientAuth");
        }

        public string Authority => File("ca.pem");

        public (string Certificate, string Key) Server { get; }

        public (string Certificate, string Key) Client { get; }

        private (string Certificate, string Key) Issue(string name, string extensions)
        {
            System.IO.File.WriteAllText(File($"{name}.ext"), extensions + "\n");
            OpenSsl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", $"/CN={name}", "-keyout", File($"{name}.key"), "-out", File($"{name}.csr"));
            OpenSsl("x509", "-req", "-in", File($"{name}.csr"), "-CA", Authority, "-CAkey", File("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", File($"{name}.ext"), "-out", File($"{name}.pem"));
            return (File($"{name}.pem"), File($"{name}.key"));
        }

        private string File(string name) => Path.Combine(_directory, name);

        private static void OpenSsl(params string[] arguments) => Command.Run("openssl", arguments).ShouldSucceed();
    }
}
