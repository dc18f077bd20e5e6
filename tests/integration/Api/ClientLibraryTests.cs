using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>Clients of the API that others have written.</summary>
public sealed class ClientLibraryTests(ApiSandbox box) : IClassFixture<ApiSandbox>
{
    /// <summary>
    /// Debian's python3-docker, which loses what a process says before it has read the answer's header: execs wait a little. Every line that says otherwise than it should ends the script.
    /// </summary>
    private const string Python = """
        import docker, io, tarfile, time
        client = docker.from_env(version='auto', timeout=60)
        assert client.ping()
        assert client.version()['Platform']['Name'] == 'Vitrine'
        assert client.info()['OSType'] == 'linux'
        out = client.containers.run('busybox', ['sh', '-c', 'echo out; echo err >&2'], remove=True, network_mode='none', stderr=True)
        assert b'out\n' in out and b'err\n' in out, out
        try:
            client.containers.run('busybox', 'false', remove=True, network_mode='none')
            assert False
        except docker.errors.ContainerError as e:
            assert e.exit_status == 1
        c = client.containers.run('busybox', ['sh', '-c', 'echo started; sleep 1000'], detach=True, name='py', labels={'made': 'by-python'}, network_mode='none', environment={'A': 'b'})
        assert [x.name for x in client.containers.list(filters={'label': 'made=by-python'})] == ['py']
        for line in c.logs(stream=True, follow=True):
            assert line == b'started\n'
            break
        code, output = c.exec_run(['sh', '-c', 'sleep 0.5; echo $A; exit 3'])
        assert (code, output) == (3, b'b\n'), (code, output)
        code, (out, err) = c.exec_run(['sh', '-c', 'sleep 0.5; echo o; echo e >&2'], demux=True)
        assert (out, err) == (b'o\n', b'e\n')
        sock = client.api.exec_start(client.api.exec_create(c.id, 'cat', stdin=True)['Id'], socket=True)
        sock._sock.sendall(b'through the socket\n')
        header = sock.read(8)
        assert header[0] == 1 and sock.read(header[7]) == b'through the socket\n'
        sock._sock.close()
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode='w') as tar:
            info = tarfile.TarInfo('file.txt'); info.size = 5
            tar.addfile(info, io.BytesIO(b'hello'))
        assert c.put_archive('/tmp', data.getvalue())
        stream, stat = c.get_archive('/tmp/file.txt')
        assert stat['name'] == 'file.txt' and stat['size'] == 5, stat
        assert tarfile.open(fileobj=io.BytesIO(b''.join(stream))).extractfile('file.txt').read() == b'hello'
        assert any(change['Path'] == '/tmp/file.txt' for change in c.diff())
        assert c.stats(stream=False)['pids_stats']['current'] >= 1
        assert c.top()['Titles'][0] == 'UID'
        c.pause(); c.reload(); assert c.status == 'paused'; c.unpause()
        c.rename('py2'); c.reload(); assert c.name == 'py2'
        c.update(mem_limit='64m', memswap_limit='64m')
        image = c.commit('committed', 'v1', changes=['CMD ["echo","committed"]'])
        assert client.containers.run('committed:v1', remove=True, network_mode='none') == b'committed\n'
        assert image.history()[0]['Tags'] == ['committed:v1']
        saved = b''.join(client.images.get('committed:v1').save(named=True))
        client.images.remove('committed:v1')
        assert [i.tags for i in client.images.load(saved)] == [['committed:v1']]
        volume = client.volumes.create('pyvolume', labels={'x': 'y'})
        assert volume.attrs['Labels'] == {'x': 'y'}
        client.containers.run('busybox', 'touch /v/made', volumes={'pyvolume': {'bind': '/v', 'mode': 'rw'}}, remove=True, network_mode='none')
        volume.remove()
        c.stop(timeout=0)
        assert c.wait()['StatusCode'] == 137
        c.remove()
        try:
            client.containers.get('py2')
            assert False
        except docker.errors.NotFound:
            pass
        actions = [e['Action'] for e in client.events(since=1, until=time.time(), filters={'container': c.id, 'type': 'container'}, decode=True)]
        assert actions[:3] == ['create', 'start', 'exec_create: sh -c sleep 0.5; echo $A; exit 3'] or 'start' in actions, actions
        assert actions[-1] == 'destroy', actions
        assert client.containers.prune()['SpaceReclaimed'] >= 0
        assert client.df()['LayersSize'] > 0
        print('all of it')
        """;

    [Fact]
    public void PythonDocker_WorksThroughout()
    {
        Need.Program("python3", "python3-docker");
        if (Command.Run("/usr/bin/python3", "-c", "import docker").ExitCode != 0)
            Need.Program("python3 with the module docker (package python3-docker)", "python3-docker");
        var script = Path.Combine(box.Files, "client.py");
        File.WriteAllText(script, Python);

        var result = Command.Run("/usr/bin/python3", [script], null, box.DockerEnvironment, TimeSpan.FromMinutes(2));

        Assert.Equal("all of it", result.ShouldSucceed().Text);
    }

    [Fact]
    public void Skopeo_CopiesInAndOut()
    {
        Need.Program("skopeo", "skopeo");
        var host = $"unix://{box.Socket}";
        var layout = Path.Combine(box.Files, "layout");

        Command.Run("skopeo", "copy", "--quiet", "--insecure-policy", "--src-daemon-host", host, "docker-daemon:busybox:latest", $"oci:{layout}:busybox").ShouldSucceed();
        Command.Run("skopeo", "copy", "--quiet", "--insecure-policy", "--dest-daemon-host", host, $"oci:{layout}:busybox", "docker-daemon:skopeo:copied").ShouldSucceed();

        Assert.Equal("copied", box.DockerOk("run", "--rm", "--network", "none", "skopeo:copied", "echo", "copied"));
        box.DockerOk("rmi", "skopeo:copied");
    }

    [Fact]
    public void DockerFromDocker_ListsAndStartsSiblings()
    {
        // Busybox has no docker client: the host's own, with what it is linked to, is lent to the container.
        var docker = Need.FindProgram("docker");
        Need.Program("docker", "docker-cli");
        string[] lend = [.. new[] { "/lib", "/lib64", "/usr/lib", "/usr/bin", "/usr/local" }.Where(Directory.Exists).SelectMany(directory => new[] { "-v", $"{directory}:{directory}:ro" })];
        box.DockerOk(["run", "--rm", "--network", "none", "-v", $"{box.Socket}:/var/run/docker.sock", .. lend, "busybox", docker!, "run", "-d", "--network", "none", "--name", "sibling", "busybox", "sleep", "1000"]);

        Assert.Equal("sibling", box.DockerOk(["run", "--rm", "--network", "none", "-v", $"{box.Socket}:/var/run/docker.sock", .. lend, "busybox", docker!, "ps", "--format", "{{.Names}}", "--filter", "name=sibling"]));
        Assert.Equal("running", box.Inspect("sibling", "{{.State.Status}}"));
    }
}
