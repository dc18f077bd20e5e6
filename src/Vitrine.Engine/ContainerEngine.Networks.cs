using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Networks;
using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.Network;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <content>Networks.</content>
public sealed partial class ContainerEngine
{
    /// <summary>Makes a network.</summary>
    /// <exception cref="VitrineException">Invalid, each problem on a line; Conflict: the name or the addresses are taken.</exception>
    public Task<NetworkCreateResponse> CreateNetworkAsync(NetworkCreateRequest request, CancellationToken cancellation = default) =>
        OnNetworks(() =>
        {
            var network = _networks.Create(request);
            Told("create", network);
            return new NetworkCreateResponse { Id = network.Id };
        }, cancellation);

    /// <summary>Networks by name, without their containers.</summary>
    /// <param name="filters">driver, id, label, name, type (custom or builtin), scope and dangling, as docker network ls has them.</param>
    /// <param name="cancellation">Honoured before anything is read.</param>
    public Task<IReadOnlyList<NetworkInspect>> ListNetworksAsync(
        IReadOnlyDictionary<string, IReadOnlyList<string>>? filters = null, CancellationToken cancellation = default) =>
        OnNetworks<IReadOnlyList<NetworkInspect>>(() =>
        {
            var filter = new NetworkFilters(filters, isPrune: false, UsedNetworks, _options.Time);
            return [.. _networks.Store.All().Where(filter.Matches).Select(network => _networkRecords.Inspect(network, withContainers: false))];
        }, cancellation);

    /// <summary>Everything about a network, with the running containers in it.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    public Task<NetworkInspect> InspectNetworkAsync(string network, CancellationToken cancellation = default) =>
        OnNetworks(() => _networkRecords.Inspect(_networks.Store.Get(network), withContainers: true), cancellation);

    /// <summary>Removes a network.</summary>
    /// <exception cref="VitrineException">NotFound; Forbidden: a running container is in it, or it is a predefined one.</exception>
    public Task RemoveNetworkAsync(string network, CancellationToken cancellation = default) =>
        OnNetworks(() =>
        {
            Told("destroy", _networks.Remove(network));
            return true;
        }, cancellation);

    /// <summary>Removes the networks that no container uses, running or not.</summary>
    /// <param name="filters">until and label, as docker network prune has them.</param>
    /// <param name="cancellation">Stops between two networks.</param>
    public Task<NetworksPruneReport> PruneNetworksAsync(
        IReadOnlyDictionary<string, IReadOnlyList<string>>? filters = null, CancellationToken cancellation = default) =>
        OnNetworks(() =>
        {
            var filter = new NetworkFilters(filters, isPrune: true, UsedNetworks, _options.Time);
            var used = UsedNetworks();
            var deleted = new List<string>();
            foreach (var network in _networks.Store.All().Where(network => !network.IsPredefined && !used.Contains(network.Name) && filter.Matches(network)))
            {
                cancellation.ThrowIfCancellationRequested();
                _networks.Remove(network.Name);
                Told("destroy", network);
                deleted.Add(network.Name);
            }
            return new NetworksPruneReport { NetworksDeleted = deleted };
        }, cancellation);

    /// <summary>Brings a container into a network; one that runs, at once.</summary>
    /// <exception cref="VitrineException">NotFound; Forbidden: it is in it; Conflict: its address is taken; Invalid.</exception>
    public Task ConnectNetworkAsync(string network, NetworkConnectRequest request, CancellationToken cancellation = default) =>
        OnNetworks(() =>
        {
            var settings = request.EndpointConfig ?? new EndpointSettings();
            using var locked = _containers.Lock(request.Container, cancellation);
            var target = _networks.Store.Get(network);
            var record = locked.Container.Record;
            RefuseOthersNetwork(record, target);
            // One that does not run is only told anew where it will be.
            if (locked.Container.State.HasShim && Endpoints(record).ContainsKey(target.Name))
                throw new VitrineException(ErrorKind.Forbidden, $"endpoint with name {record.Name} already exists in network {target.Name}");
            var problems = new Problems();
            _attachments.Check(target, settings, problems);
            problems.ThrowIfAny();
            Reconnect(locked.Container, new Dictionary<string, EndpointSettings>(Endpoints(record)) { [target.Name] = settings }, cancellation);
            if (locked.Container.State.HasShim)
                Told("connect", target, "container", record.Id);
            return true;
        }, cancellation);

    /// <summary>Takes a container out of a network; one that runs, at once.</summary>
    /// <exception cref="VitrineException">NotFound; Conflict: it is not in it.</exception>
    public Task DisconnectNetworkAsync(string network, NetworkDisconnectRequest request, CancellationToken cancellation = default) =>
        OnNetworks(() =>
        {
            using var locked = _containers.Lock(request.Container, cancellation);
            var target = _networks.Store.Get(network);
            var record = locked.Container.Record;
            var left = new Dictionary<string, EndpointSettings>(Endpoints(record));
            if (!left.Remove(target.Name))
                throw new VitrineException(ErrorKind.Conflict, $"container {record.Id} is not connected to {(locked.Container.State.HasShim ? "" : "the ")}network {target.Name}");
            Reconnect(locked.Container, left, cancellation);
            Told("disconnect", target, "container", record.Id);
            return true;
        }, cancellation);

    /// <summary>Puts bridges and firewall rules back where somebody removed them, and removes what killed shims have left.</summary>
    /// <returns>A line for each thing that was done; none where all was well.</returns>
    public Task<IReadOnlyList<string>> RepairNetworksAsync(CancellationToken cancellation = default) => OnNetworks(_networks.Repair, cancellation);

    /// <summary>The same, but only where somebody has removed firewall rules that are in use; costs next to nothing where all is well.</summary>
    /// <returns>A line for each thing that was done.</returns>
    public Task<IReadOnlyList<string>> RepairFirewallAsync(CancellationToken cancellation = default) =>
        Blocking.Now(() => NetworkErrors.Guard(_networks.RepairFirewall), cancellation);

    private static IReadOnlyDictionary<string, EndpointSettings> Endpoints(ContainerRecord record) =>
        record.Networking?.EndpointsConfig ?? new Dictionary<string, EndpointSettings>();

    private static void RefuseOthersNetwork(ContainerRecord record, NetworkRecord target)
    {
        var mode = new NamespaceMode(record.HostConfig.NetworkMode);
        if (target.Driver is "host" || mode.IsHost)
            throw new VitrineException(ErrorKind.Invalid, "container cannot be disconnected from host network or connected to host network");
        if (mode.IsContainer)
            throw new VitrineException(ErrorKind.Invalid, "container sharing network namespace with another container or host cannot be connected to any other network");
        if (target.Driver is "null" || mode.Text == "none")
            throw new VitrineException(ErrorKind.Invalid, "container cannot be connected to multiple networks with one of the networks in private (none) mode");
    }

    /// <summary>Writes the new networks down and has the shim go there; where it cannot, everything is as before.</summary>
    private void Reconnect(Running.Container container, Dictionary<string, EndpointSettings> endpoints, CancellationToken cancellation)
    {
        var record = container.Record;
        try
        {
            Change(container, record with { Networking = new NetworkingConfig { EndpointsConfig = endpoints } }, cancellation);
        }
        catch (ShimFailedException e)
        {
            Change(container, record, cancellation);
            throw new VitrineException(ErrorKind.Conflict, e.Message, e);
        }
    }

    private HashSet<string> UsedNetworks() =>
        [.. _containers.All().SelectMany(found => Endpoints(found.Record).Keys.Append(found.Record.HostConfig.NetworkMode))];

    private void Told(string action, NetworkRecord network, params ReadOnlySpan<string> more) =>
        _happenings.Other("network", action, network.Id, ["name", network.Name, "type", network.Driver, .. more]);

    private Task<T> OnNetworks<T>(Func<T> work, CancellationToken cancellation) => Blocking.Now(() =>
    {
        return NetworkErrors.Guard(() =>
        {
            EnsureNetworks();
            return work();
        });
    }, cancellation);

    private bool EnsureNetworks()
    {
        _store.EnsureExists();
        _networks.EnsurePredefined();
        return true;
    }

    /// <summary>What a killed shim has left of cgroup and network; both are called by the container's id.</summary>
    private static Action<string> ClearLost(NetworkPaths paths) => cgroup =>
    {
        Running.CgroupCleaner.Clear(cgroup);
        var id = Path.GetFileName(cgroup);
        if (!Directory.Exists(paths.Sandbox(id)))
            return;
        using var mine = FileLock.Acquire(paths.Lock);
        if (!SandboxSweep.IsAlive(paths, id))
            SandboxSweep.Remove(paths, id);
    };
}
