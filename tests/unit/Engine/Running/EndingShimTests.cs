using Vitrine.Engine;
using Vitrine.Linux;
using Vitrine.ShimProtocol;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Running;

/// <summary>A supervisor that has done its last work takes calls still, and answers none.</summary>
public sealed class EndingShimTests : IDisposable
{
    private static readonly string s_id = new('c', 64);

    private readonly TemporaryDirectory _root = new();
    private readonly ContainerEngine _engine;
    private readonly Thread _shim;

    public EndingShimTests()
    {
        var directory = Directory.CreateDirectory(Path.Join(_root.Path, "data/containers", s_id)).FullName;
        var run = Directory.CreateDirectory(Path.Join(_root.Path, "run/containers", s_id)).FullName;
        File.WriteAllText(Path.Join(directory, "container.json"), $$"""
            {"Id":"{{s_id}}","Name":"ending","Created":"2026-01-01T00:00:00Z","Command":[],"Config":{"Image":"i"},"HostConfig":{},"ImageId":"","Layers":[],"CgroupPath":"/vitrine-unit/{{s_id}}","Mounts":[]}
            """);
        File.WriteAllText(Path.Join(directory, "lock"), "");
        File.WriteAllText(Path.Join(directory, "shim.lock"), "");
        AtomicFile.Write(Path.Join(directory, "state.json"),
            Vitrine.ShimProtocol.Codec.ShimCodec.Write(new ContainerState { Status = ContainerStatus.Running, Pid = 1, ShimPid = 1 }).Span, durable: false);
        var held = FileLock.TryAcquire(Path.Join(directory, "shim.lock"));
        var socket = SeqpacketSocket.Listen(run, ShimClient.SocketName);
        _shim = new Thread(() =>
        {
            using (held)
            using (socket)
            {
                Poll.Wait(socket.Handle, PollEvents.Read, 60_000);
                AtomicFile.Write(Path.Join(directory, "state.json"),
                    Vitrine.ShimProtocol.Codec.ShimCodec.Write(new ContainerState { Status = ContainerStatus.Exited, ExitCode = 5 }).Span, durable: false);
            }
        }) { IsBackground = true };
        _shim.Start();
        _engine = new ContainerEngine(new EngineOptions { DataRoot = Path.Join(_root.Path, "data"), ExecRoot = Path.Join(_root.Path, "run"), ShimPath = "/nonexistent" });
    }

    [Fact]
    public async Task Stop_OfIt_IsDone()
    {
        await _engine.StopAsync(s_id, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(5, (await _engine.InspectAsync(s_id, cancellation: TestContext.Current.CancellationToken)).State.ExitCode);
    }

    [Fact]
    public async Task Kill_OfIt_SaysThatItDoesNotRun() =>
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<VitrineException>(() => _engine.KillAsync(s_id, "KILL", TestContext.Current.CancellationToken))).Kind);

    /// <summary>The next shim has the lock for as long as it runs, and is not waited for.</summary>
    [Fact]
    public async Task Stop_OfOneThatIsStartedAtOnceAgain_IsDone()
    {
        var directory = Path.Join(_root.Path, "data/containers", s_id);
        var stopping = _engine.StopAsync(s_id, cancellation: TestContext.Current.CancellationToken);
        _shim.Join();
        using var next = await LockAsync(Path.Join(directory, "shim.lock"));
        AtomicFile.Write(Path.Join(directory, "state.json"),
            Vitrine.ShimProtocol.Codec.ShimCodec.Write(new ContainerState { Status = ContainerStatus.Running, Pid = 2, ShimPid = 2 }).Span, durable: false);

        await stopping.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private static async Task<FileLock> LockAsync(string path)
    {
        while (true)
        {
            if (FileLock.TryAcquire(path) is { } mine)
                return mine;
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose()
    {
        _shim.Join();
        _root.Dispose();
    }
}
