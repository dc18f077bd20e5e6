using System.Globalization;
using Vitrine.ShimProtocol.Events;

namespace Vitrine.Shim.Lifecycle;

/// <summary>Tells the host of what happens to the container.</summary>
internal sealed class ContainerEvents(Bundle bundle)
{
    private readonly EventLog? _log = bundle.Plan.Events is { } path ? new EventLog(path) : null;

    /// <summary>Adds an event.</summary>
    /// <param name="action">What happened, in Docker's words.</param>
    /// <param name="more">Attributes beside the container's own: name, value, name, value.</param>
    public void Tell(string action, params ReadOnlySpan<string> more) =>
        _log?.Add("container", action, bundle.Plan.Id, bundle.Plan.Attributes, more);

    public void Signalled(int signal) => Tell("kill", "signal", Number(signal));

    /// <summary>What the container needs for a run is there: its networks, then its volumes.</summary>
    public void Prepared()
    {
        TellNetworks("connect");
        foreach (var mount in bundle.Plan.VolumeMounts)
        {
            _log?.Add("volume", "mount", mount.Name, null, "container", bundle.Plan.Id, "destination", mount.Destination,
                "driver", "local", "propagation", "", "read/write", mount.ReadOnly ? "false" : "true");
        }
    }

    /// <summary>The run is over, and nothing of it uses networks and volumes any more.</summary>
    public void Released()
    {
        TellNetworks("disconnect");
        foreach (var mount in bundle.Plan.VolumeMounts)
            _log?.Add("volume", "unmount", mount.Name, null, "container", bundle.Plan.Id, "driver", "local");
    }

    /// <summary>A volume was removed together with the container.</summary>
    public void VolumeDestroyed(string name) => _log?.Add("volume", "destroy", name, null, "driver", "local");

    private void TellNetworks(string action)
    {
        foreach (var endpoint in bundle.Network?.Endpoints ?? [])
            _log?.Add("network", action, endpoint.Network.Id, null, "container", bundle.Plan.Id, "name", endpoint.Network.Name, "type", endpoint.Network.Driver);
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
