using Vitrine.Engine;
using Vitrine.Linux;
using Vitrine.ShimProtocol;
using Vitrine.Tests.Unit.Images;
using Vitrine.Tests.Unit.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Running;

/// <summary>Which containers are started after the host was; that they cannot be here, for want of a supervisor's program, tells that they were tried.</summary>
public sealed class BootTests : IDisposable
{
    private const string EarlierBoot = "01234567-89ab-cdef-0123-456789abcdef";

    private static readonly string s_thisBoot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    private readonly TemporaryDirectory _root = new();
    private readonly ContainerEngine _engine;

    public BootTests()
    {
        _engine = new ContainerEngine(new EngineOptions { DataRoot = Path.Join(_root.Path, "data"), ExecRoot = Path.Join(_root.Path, "run"), ShimPath = "/nonexistent" });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("always", false, 1)]
    [InlineData("always", true, 1)]
    [InlineData("unless-stopped", false, 1)]
    [InlineData("unless-stopped", true, 0)]
    [InlineData("on-failure", false, 0)]
    [InlineData("no", false, 0)]
    public async Task WhatRanInAnEarlierBoot_IsStartedByItsPolicy(string policy, bool stopped, int started)
    {
        Make(policy, new ContainerState { Status = ContainerStatus.Running, Pid = 1, ShimPid = 1, BootId = EarlierBoot, StartedAt = DateTimeOffset.UnixEpoch, StoppedByUser = stopped });

        Assert.Equal(started, (await _engine.StartAtBootAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task WhatRanInThisBoot_OrNever_IsNotStarted()
    {
        Make("always", new ContainerState { Status = ContainerStatus.Exited, BootId = s_thisBoot, StartedAt = DateTimeOffset.UnixEpoch });
        Make("always", new ContainerState(), name: 'd');

        Assert.Empty(await _engine.StartAtBootAsync(Cancellation));
    }

    /// <summary>Its state tells that it runs until that other has repaired it: it is waited for, and started then.</summary>
    [Fact]
    public async Task WhatSomebodyElseLooksAt_IsStartedAllTheSame()
    {
        var directory = Make("always", new ContainerState { Status = ContainerStatus.Running, Pid = 1, ShimPid = 1, BootId = EarlierBoot, StartedAt = DateTimeOffset.UnixEpoch });
        var path = Path.Join(directory, "lock");
        var other = FileLock.TryAcquire(path)!;

        Task<IReadOnlyList<BootStart>>? starting = null;
        await LockWatch.TriedAsync(path, () => starting = _engine.StartAtBootAsync(Cancellation));
        other.Dispose();

        Assert.Single(await starting!);
    }

    public void Dispose() => _root.Dispose();

    private string Make(string policy, ContainerState state, char name = 'c')
    {
        var id = new string(name, 64);
        var directory = Directory.CreateDirectory(Path.Join(_root.Path, "data/containers", id)).FullName;
        File.WriteAllText(Path.Join(directory, "container.json"), $$$"""
            {"Id":"{{{id}}}","Name":"boot-{{{name}}}","Created":"2026-01-01T00:00:00Z","Command":[],"Config":{"Image":"i"},"HostConfig":{"RestartPolicy":{"Name":"{{{policy}}}"}},"ImageId":"","Layers":[],"CgroupPath":"/vitrine-unit/{{{id}}}","Mounts":[]}
            """);
        File.WriteAllText(Path.Join(directory, "lock"), "");
        AtomicFile.Write(Path.Join(directory, "state.json"), Vitrine.ShimProtocol.Codec.ShimCodec.Write(state).Span, durable: false);
        return directory;
    }
}
