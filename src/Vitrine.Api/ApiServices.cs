using Vitrine.Api.Streams;
using Vitrine.Engine;
using Vitrine.Engine.Waiting;
using Vitrine.Secrets;

namespace Vitrine.Api;

/// <summary>What the operations work with. All of it can be lost at any moment: state is in the engine's files and shims.</summary>
internal sealed class ApiServices(ContainerEngine engine, TimeProvider time, ServerLog log)
{
    public ServerLog Log => log;

    public ContainerEngine Engine => engine;

    public TimeProvider Time => time;

    /// <summary>Hides secrets in all that is written down of calls.</summary>
    public required TrafficMask Mask { get; init; }

    /// <summary>Where calls are written down; null where that is off.</summary>
    public Serving.AuditLog? Audit { get; init; }

    /// <summary>Descriptors that somebody waits for.</summary>
    public Readiness Readiness => engine.Readiness;

    /// <summary>Who waits for a container that does not run yet.</summary>
    public PendingSessions Pending { get; } = new();

    /// <summary>Execs whose streams this server relays.</summary>
    public RunningExecs Execs { get; } = new();
}
