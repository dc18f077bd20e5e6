using Vitrine.Linux;
using Vitrine.Engine.Bundle;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Storage;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Running;

/// <summary>Starts containers: writes the bundle, boots a shim, and has it start the process.</summary>
internal sealed class Starter(ContainerStore store, BundleWriter bundles, Remover remover, EngineOptions options)
{
    private readonly PreparedShims _prepared = new();
    private readonly ShimReaper? _reaper = options.IsLongLived ? new ShimReaper() : null;

    /// <summary>Boots the shim of a container that is about to be started, beside whatever comes before that.</summary>
    /// <exception cref="LinuxException">It cannot be booted.</exception>
    public void Prepare(string id) => _prepared.Add(id, () => Boot(id), expires: options.IsLongLived);

    /// <summary>The container will not be started after all.</summary>
    public void Discard(string id) => _prepared.Take(id)?.Dispose();

    private ShimClient Boot(string id)
    {
        var client = ShimClient.Boot(options.ShimPath, store.Paths.Container(id).Plan);
        client.Heir = _reaper is null ? null : _reaper.Take;
        return client;
    }

    /// <summary>Starts a container that does not run.</summary>
    /// <param name="locked">The container.</param>
    /// <param name="created">What its creation has found out, where that was just now.</param>
    /// <param name="attach">What to attach before the process runs, or null.</param>
    /// <param name="booted">Called with the booted shim, before it is told to start.</param>
    /// <param name="cancellation">Gives up before the process runs; leaves nothing of the attempt.</param>
    /// <returns>The connection: attached, and waiting for the end, where that was asked for; otherwise closed already.</returns>
    /// <exception cref="ContainerStartException">It could not be started.</exception>
    public ShimClient? Start(LockedContainer locked, CreatedContainer? created, AttachOptions? attach, Action<ShimClient> booted,
        CancellationToken cancellation)
    {
        var record = locked.Container.Record;
        var client = Boot(locked.Container, created, cancellation);
        try
        {
            if (attach is not null)
                Subscribe(client, record, attach);
            booted(client);
            foreach (var note in client.Start(cancellation).Notes)
                options.Note?.Invoke(note);
        }
        catch (ShimFailedException e)
        {
            Lost(locked.Container, client, e.Message, e.ExitCode);
            throw new ContainerStartException(e.Message, e.ExitCode);
        }
        catch (ShimLostException e)
        {
            Lost(locked.Container, client, e.Message, ContainerStartException.EngineFailure);
            throw new ContainerStartException(e.Message, ContainerStartException.EngineFailure);
        }
        catch
        {
            client.Dispose();
            throw;
        }

        if (attach is not null)
            return client;
        client.Dispose();
        return null;
    }

    /// <summary>Writes the plan of a running container anew, for its shim to read again.</summary>
    public void WritePlan(ContainerRecord record) => bundles.WritePlan(record);

    /// <summary>Asks for output, and to be told of the end: for a container that is removed then, when it has been.</summary>
    public static void Subscribe(ShimClient client, ContainerRecord record, AttachOptions attach)
    {
        if (attach.Stdin || attach.Stdout || attach.Stderr)
            client.Attach(new AttachRequest { Stdin = attach.Stdin, Stdout = attach.Stdout, Stderr = attach.Stderr });
        client.RequestWait(attach.UntilRemoved ?? record.AutoRemove ? WaitCondition.Removed : WaitCondition.NextExit);
    }

    /// <summary>Writes the bundle and boots the shim.</summary>
    private ShimClient Boot(Container container, CreatedContainer? created, CancellationToken cancellation)
    {
        try
        {
            store.EnsureExists();
            bundles.Write(container.Record, created?.User);
            if (!Directory.Exists(container.Paths.RunDirectory))
                PrivateDirectory.Create(container.Paths.RunDirectory);
            cancellation.ThrowIfCancellationRequested();
            return _prepared.Take(container.Id) ?? Boot(container.Id);
        }
        catch (Exception e) when (e is VitrineException or IOException or UnauthorizedAccessException)
        {
            Discard(container.Id);
            Failed(container, e.Message, ContainerStartException.EngineFailure);
            throw;
        }
    }

    private void Lost(Container container, ShimClient client, string message, int exitCode)
    {
        client.Shim?.Wait();
        client.Dispose();
        Failed(container, message, exitCode);
    }

    /// <summary>Docker keeps a container whose start failed as created, with the reason, unless it was to be removed.</summary>
    private void Failed(Container container, string message, int exitCode)
    {
        if (!Directory.Exists(container.Paths.Directory))
            return;
        var state = ContainerFiles.ReadState(container.Paths);
        ContainerFiles.WriteState(container.Paths, state with
        {
            Status = state.StartedAt is null ? ContainerStatus.Created : ContainerStatus.Exited,
            Error = message,
            ExitCode = exitCode,
            Pid = 0,
            ShimPid = 0,
        });
        if (container.Record.AutoRemove)
            remover.Remove(container, withVolumes: true);
    }
}
