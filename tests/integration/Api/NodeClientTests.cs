using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>
/// The clients of node.js, where NODE_PATH says that they are installed (npm install dockerode testcontainers). Testcontainers
/// publishes ports to reach its containers, so client and server share a network of their own.
/// </summary>
public sealed class NodeClientTests(NodeApiSandbox box) : IClassFixture<NodeApiSandbox>
{
    private const string Dockerode = """
        const Docker = require('dockerode'), { PassThrough } = require('stream'), assert = require('assert');
        const docker = new Docker();
        const text = stream => new Promise(done => { const parts = []; stream.on('data', part => parts.push(part)); stream.on('end', () => done(Buffer.concat(parts).toString())); });
        (async () => {
          assert.equal((await docker.version()).Platform.Name, 'Vitrine');
          const [out, err] = [new PassThrough(), new PassThrough()], said = text(out), complained = text(err);
          const [result, ran] = await docker.run('busybox', ['sh', '-c', 'echo out; echo err >&2; exit 3'], [out, err], { Tty: false, HostConfig: { NetworkMode: 'none' } });
          out.end(); err.end();
          assert.deepEqual([result.StatusCode, await said, await complained], [3, 'out\n', 'err\n']);
          await ran.remove();
          const c = await docker.createContainer({ Image: 'busybox', Cmd: ['cat'], OpenStdin: true, StdinOnce: true, Tty: false, name: 'node', HostConfig: { NetworkMode: 'none' } });
          const stream = await c.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
          const echo = new PassThrough(), echoed = text(echo);
          docker.modem.demuxStream(stream, echo, echo);
          stream.on('end', () => echo.end());
          await c.start();
          stream.end('through stdin\n');
          assert.equal(await echoed, 'through stdin\n');
          assert.equal((await c.wait()).StatusCode, 0);
          assert.ok((await c.logs({ stdout: true })).toString().includes('through stdin'));
          await c.remove();
          const s = await docker.createContainer({ Image: 'busybox', Cmd: ['sleep', '1000'], HostConfig: { NetworkMode: 'none' }, Labels: { by: 'node' } });
          await s.start();
          assert.equal((await docker.listContainers({ filters: { label: ['by=node'] } })).length, 1);
          const exec = await s.exec({ Cmd: ['sh', '-c', 'cat; exit 4'], AttachStdin: true, AttachStdout: true });
          const io = await exec.start({ hijack: true, stdin: true });
          const copy = new PassThrough(), copied = text(copy);
          docker.modem.demuxStream(io, copy, copy);
          io.on('end', () => copy.end());
          io.end('into the exec\n');
          assert.equal(await copied, 'into the exec\n');
          for (let i = 0; (await exec.inspect()).Running; i++) { assert.ok(i < 600); await new Promise(done => setTimeout(done, 50)); }
          assert.equal((await exec.inspect()).ExitCode, 4);
          assert.equal((await s.stats({ stream: false })).pids_stats.current, 1);
          await s.remove({ force: true });
          console.log('all of it');
        })().catch(e => { console.error(e); process.exit(1); });
        """;

    private const string Testcontainers = """
        const { GenericContainer, Wait } = require('testcontainers'), http = require('http'), assert = require('assert');
        const get = url => new Promise((done, failed) => http.get(url, answer => { let all = ''; answer.on('data', part => all += part); answer.on('end', () => done(all)); }).on('error', failed));
        (async () => {
          const web = await new GenericContainer('busybox:latest')
            .withCommand(['sh', '-c', 'mkdir /w; echo served >/w/index.html; echo ready; exec httpd -f -p 80 -h /w'])
            .withExposedPorts(80).withWaitStrategy(Wait.forLogMessage('ready')).start();
          for (let i = 0; ; i++)
            try { assert.equal(await get(`http://127.0.0.1:${web.getMappedPort(80)}/`), 'served\n'); break; }
            catch (e) { if (i > 100) throw e; await new Promise(done => setTimeout(done, 100)); }
          const result = await web.exec(['sh', '-c', 'echo inside; exit 5']);
          assert.deepEqual([result.exitCode, result.output.trim()], [5, 'inside']);
          await web.copyContentToContainer([{ content: 'copied', target: '/w/copied' }]);
          assert.equal((await web.exec(['cat', '/w/copied'])).output, 'copied');
          await web.stop();
          console.log('all of it');
        })().catch(e => { console.error(e); process.exit(1); });
        """;

    [Theory]
    [InlineData("dockerode", Dockerode)]
    [InlineData("testcontainers", Testcontainers)]
    public void Client_WorksThroughout(string module, string script)
    {
        Need.Program("node", "node-clients");
        if (Command.Run("node", "-e", $"require('{module}')").ExitCode != 0)
            Need.Program($"node with the module {module} (npm install {module}, NODE_PATH)", "node-clients");
        var file = Path.Combine(box.Files, $"{module}.js");
        File.WriteAllText(file, script);

        var result = box.OnHost("node", [file], new() { ["TESTCONTAINERS_RYUK_DISABLED"] = "true" });

        Assert.Equal("all of it", result.ShouldSucceed().Text);
        Assert.Equal("", box.DockerOk("ps", "--all", "--quiet"));
    }
}

/// <summary>A server with a network of its own, and busybox.</summary>
public sealed class NodeApiSandbox() : ApiSandbox(hasNetwork: true, "busybox");
