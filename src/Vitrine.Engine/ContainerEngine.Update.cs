using System.Text.Json;
using Vitrine.Engine.Bundle;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Running;
using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.Oci.Runtime.Reading;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <content>Changing a container that exists.</content>
public sealed partial class ContainerEngine
{
    /// <summary>Changes limits and the restart policy; those of a running container at once.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="changes">What to change: the limits that are not 0, empty or null, and the restart policy where it is named.</param>
    /// <param name="cancellation">Honoured until the change begins.</param>
    /// <returns>What could not be honoured to the letter.</returns>
    /// <exception cref="VitrineException">NotFound; Invalid, each problem on a line; Conflict: the kernel refuses.</exception>
    public Task<IReadOnlyList<string>> UpdateAsync(string container, HostConfig changes, CancellationToken cancellation = default) =>
        Blocking.Run(() => Update(container, changes, cancellation), cancellation);

    private IReadOnlyList<string> Update(string container, HostConfig changes, CancellationToken cancellation)
    {
        using var locked = _containers.Lock(container, cancellation);
        var (record, state, _) = locked.Container;
        var (problems, conflicts) = (new Problems(), new Problems());
        var host = UpdateRules.Merge(record.HostConfig, changes, conflicts);
        if (conflicts.Errors.Count > 0)
            throw Cannot($"Cannot update container {record.Id}: {string.Join('\n', conflicts.Errors)}");
        RequestRules.CheckRestart(host, problems);
        ResourceRules.Check(host, new HostFacts(), problems);
        problems.ThrowIfAny();
        var updated = record with { HostConfig = host };
        if (state.HasShim)
            ChangeLimits(locked.Container, updated, cancellation);
        Change(locked.Container, updated, cancellation);
        _happenings.Container(updated, "update");
        return problems.Warnings;
    }

    /// <summary>Has the shim set the limits of the new record; nothing has changed where that fails.</summary>
    private static void ChangeLimits(Container locked, ContainerRecord record, CancellationToken cancellation)
    {
        var before = File.ReadAllBytes(locked.Paths.Config);
        var spec = SpecReader.Read(before);
        var limits = ResourceMapping.Limits(record.HostConfig) with { Devices = spec.Linux?.Resources?.Devices };
        var after = SpecWriter.Write(spec with { Linux = (spec.Linux ?? new()) with { Resources = limits } });
        AtomicFile.Write(locked.Paths.Config, after.Span, durable: false);
        try
        {
            using var client = ShimClient.TryConnect(locked.Paths.RunDirectory);
            client?.Reload(limits: true, cancellation);
        }
        catch (ShimFailedException e)
        {
            AtomicFile.Write(locked.Paths.Config, before, durable: false);
            throw Cannot($"Cannot update container {record.Id}: {e.Message}");
        }
        catch (ShimLostException)
        {
            // It has ended: the next start has the new limits.
        }
    }

    /// <summary>Writes a container's record down, and has its shim, where one runs, take it over.</summary>
    private void Change(Container locked, ContainerRecord record, CancellationToken cancellation)
    {
        AtomicFile.Write(locked.Paths.Record, JsonSerializer.SerializeToUtf8Bytes(record, StoreWriteJson.Default.ContainerRecord), durable: !record.AutoRemove);
        if (!locked.State.HasShim)
            return;
        _starter.WritePlan(record);
        try
        {
            using var client = ShimClient.TryConnect(locked.Paths.RunDirectory);
            client?.Reload(limits: false, cancellation);
        }
        catch (ShimLostException)
        {
            // It has ended: the next one begins with what was written.
        }
    }
}
