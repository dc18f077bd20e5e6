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

    public void Dispose()
    {
        _shim.Join();
        _root.Dispose();
    }
}
