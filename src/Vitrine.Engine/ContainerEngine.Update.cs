using System.Text.Json;
using Vitrine.Engine.Running;
using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <content>Changing a container that exists.</content>
public sealed partial class ContainerEngine
{
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
            client?.Reload(cancellation);
        }
        catch (ShimLostException)
        {
            // It has ended: the next one begins with what was written.
        }
    }
}
