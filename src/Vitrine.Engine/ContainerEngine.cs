using Vitrine.Engine.Docker;

namespace Vitrine.Engine;

/// <summary>
/// Containers, their volumes and images on one data root: what every front end uses. It keeps nothing in memory that
/// the files and the shims do not also say, so any number of engines may work on one root at the same time, in any
/// number of processes. Containers are named by name, full id or an unambiguous prefix of the id.
/// </summary>
/// <remarks>
/// Failures meant for the user are <see cref="VitrineException"/> in Docker's words; a failed system call is a
/// <see cref="Vitrine.Linux.LinuxException"/>. Every look at a container repairs what a crash left of it.
/// </remarks>
public sealed partial class ContainerEngine
{
    private readonly EngineOptions options;

    public ContainerEngine(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
    }

    public EngineOptions Options => options;

    private static NotImplementedException Later(string what) => new(what);

    /// <summary>Makes a container, without starting it. Every problem of the request is found before anything is written.</summary>
    /// <param name="name">Its name, or null for a random one.</param>
    /// <param name="request">What to run, as POST /containers/create has it.</param>
    /// <param name="creation">What the request itself has no field for.</param>
    /// <param name="cancellation">Honoured until the container becomes visible.</param>
    /// <exception cref="VitrineException">NotFound "No such image: x" where the image is not in the store; Conflict where
    /// the name is taken; Invalid for anything wrong with the request, all problems in one message.</exception>
    public Task<ContainerCreateResponse> CreateAsync(string? name, ContainerCreateRequest request,
        CreateOptions? creation = null, CancellationToken cancellation = default) => throw Later(nameof(CreateAsync));

    /// <summary>Starts a created or exited container.</summary>
    /// <returns>A session where <paramref name="start"/> asks to attach, otherwise null. A container that runs already is
    /// left alone, and attached to where asked.</returns>
    /// <exception cref="ContainerStartException">The process could not be started; has docker's exit code 125, 126 or 127.</exception>
    public Task<ContainerSession?> StartAsync(string container, StartOptions? start = null,
        CancellationToken cancellation = default) => throw Later(nameof(StartAsync));

    /// <summary>Attaches to the first process of a running container.</summary>
    public Task<ContainerSession> AttachAsync(string container, AttachOptions attach,
        CancellationToken cancellation = default) => throw Later(nameof(AttachAsync));

    /// <summary>Sends the stop signal, and SIGKILL after the timeout; returns when the container has stopped.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="signal">Name or number of the signal; the container's own where null.</param>
    /// <param name="timeout">Seconds to wait, -1 for ever; the container's own where null.</param>
    /// <param name="cancellation">Stops waiting, not the stopping.</param>
    public Task StopAsync(string container, string? signal = null, int? timeout = null,
        CancellationToken cancellation = default) => throw Later(nameof(StopAsync));

    /// <summary>Sends a signal to the first process.</summary>
    public Task KillAsync(string container, string signal = "KILL",
        CancellationToken cancellation = default) => throw Later(nameof(KillAsync));

    /// <summary><see cref="StopAsync"/>, then <see cref="StartAsync"/>.</summary>
    public Task RestartAsync(string container, string? signal = null, int? timeout = null,
        CancellationToken cancellation = default) => throw Later(nameof(RestartAsync));

    /// <summary>Removes a container with its files.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="force">Kill it first where it runs.</param>
    /// <param name="volumes">Remove its anonymous volumes too.</param>
    /// <param name="cancellation">Honoured until the removal begins.</param>
    public Task RemoveAsync(string container, bool force = false, bool volumes = false,
        CancellationToken cancellation = default) => throw Later(nameof(RemoveAsync));

    /// <summary>Changes a container's name.</summary>
    public Task RenameAsync(string container, string name, CancellationToken cancellation = default) =>
        throw Later(nameof(RenameAsync));

    /// <summary>Containers, the newest first.</summary>
    public Task<IReadOnlyList<ContainerSummary>> ListAsync(ListOptions? list = null,
        CancellationToken cancellation = default) => throw Later(nameof(ListAsync));

    /// <summary>Everything about one container.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="size">Count SizeRw and SizeRootFs too, which walks the files.</param>
    /// <param name="cancellation">Cancels the walk.</param>
    public Task<ContainerInspect> InspectAsync(string container, bool size = false,
        CancellationToken cancellation = default) => throw Later(nameof(InspectAsync));

    /// <summary>What the container wrote, oldest first; with <see cref="LogOptions.Follow"/> until it exits.</summary>
    public IAsyncEnumerable<LogLine> LogsAsync(string container, LogOptions? logs = null,
        CancellationToken cancellation = default) => throw Later(nameof(LogsAsync));

    /// <summary>Runs a further process in a running container.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="exec">What to run.</param>
    /// <param name="streams">File descriptors handed to the process as its stdin, stdout and stderr: no byte is copied.
    /// Null gives it /dev/null; not used with a terminal.</param>
    /// <param name="cancellation">Honoured until the process has started.</param>
    /// <exception cref="ContainerStartException">The process could not be started; has docker's exit code 126 or 127.</exception>
    public Task<ExecSession> ExecAsync(string container, ExecConfig exec, ExecStreams? streams = null,
        CancellationToken cancellation = default) => throw Later(nameof(ExecAsync));

    /// <summary>Waits for a container to be not-running, for its next-exit or to be removed.</summary>
    public Task<WaitResponse> WaitAsync(string container, string condition = "not-running",
        CancellationToken cancellation = default) => throw Later(nameof(WaitAsync));

    /// <summary>The processes of a running container, from the host's ps(1).</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="arguments">Arguments of ps; -ef where empty.</param>
    /// <param name="cancellation">Kills ps.</param>
    public Task<TopResponse> TopAsync(string container, IReadOnlyList<string>? arguments = null,
        CancellationToken cancellation = default) => throw Later(nameof(TopAsync));
}
