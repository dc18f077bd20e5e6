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

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
