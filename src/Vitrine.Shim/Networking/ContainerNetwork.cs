using System.Text;
using Vitrine.Linux;
using Vitrine.Network;
using Vitrine.Shim.Loop;
using Vitrine.Shim.Networking.Relays;
using Vitrine.ShimProtocol;

namespace Vitrine.Shim.Networking;

/// <summary>
/// The network side of a container that has one: its namespace with what is in it, the name service and the way from ::1. Made before the first
/// start, kept through restarts, released at the end for good.
/// </summary>
internal sealed class ContainerNetwork : IDisposable
{
    private readonly EventLoop _loop;
    private readonly string _planPath;
    private readonly Sandbox _sandbox;
    private Watch? _ownerWatch;
    private Microsoft.Win32.SafeHandles.SafeFileHandle? _owner;
    private NameServer? _names;
    private LinkedHosts? _linked;
    private LoopbackRelay? _relay;
    private byte[] _hosts = [];
    private bool _released;

    private ContainerNetwork(EventLoop loop, string planPath, Sandbox sandbox) => (_loop, _planPath, _sandbox) = (loop, planPath, sandbox);

    /// <summary>A path to the namespace, good while this process lives.</summary>
    public string NamespacePath => _sandbox.NamespacePath;

    public IReadOnlyList<string> Warnings => _sandbox.Warnings;

    /// <summary>The networks it is in by itself; none where it lives in another container's.</summary>
    public IReadOnlyList<EndpointPlan> Endpoints => _sandbox.Plan.Endpoints;

    /// <summary>Sets up what network.json beside the plan asks for; null where there is none.</summary>
    /// <param name="plan">The container's.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="rests">Called after work that came from outside.</param>
    /// <exception cref="IOException">It cannot be had; nothing is left of the attempt.</exception>
    public static ContainerNetwork? Open(ShimPlan plan, EventLoop loop, Action rests)
    {
        var path = Path.Join(plan.ContainerDirectory, "network.json");
        if (!File.Exists(path) || NetworkPlan.Read(path) is not { } wanted)
            return null;
        var memory = Path.Join(plan.ContainerDirectory, "addresses.json");
        var sandbox = wanted.Join is null ? Sandbox.Create(wanted, memory) : Sandbox.Join(wanted, memory);
        if (sandbox is null)
            return null;
        var network = new ContainerNetwork(loop, path, sandbox);
        try
        {
            if (sandbox.IsOwner)
            {
                network._linked = LinkedHosts.Of(loop, sandbox, network.WriteHosts);
                network._hosts = wanted.HostsPath.Length > 0 ? File.ReadAllBytes(wanted.HostsPath) : [];
                network.WriteHosts();
                network.ServeNames();
                network._relay = LoopbackRelay.Of(loop, sandbox, rests);
            }
            else
            {
                network.FollowOwner();
            }
            return network;
        }
        catch
        {
            network.Release();
            network.Dispose();
            throw;
        }
    }

    /// <summary>Takes over what has changed in network.json: networks joined and left, names.</summary>
    /// <exception cref="IOException">It cannot be had.</exception>
    public void Reload()
    {
        if (!_sandbox.IsOwner || NetworkPlan.Read(_planPath) is not { } plan)
            return;
        _sandbox.Apply(plan);
        _linked?.Dispose();
        _linked = LinkedHosts.Of(_loop, _sandbox, WriteHosts);
        WriteHosts();
    }

    /// <summary>The container has ended for good.</summary>
    public void Release()
    {
        if (_released)
            return;
        _released = true;
        _relay?.Dispose();
        _relay = null;
        _names?.Dispose();
        _names = null;
        _linked?.Dispose();
        _linked = null;
        _sandbox.Release();
    }

    public void Dispose()
    {
        _ownerWatch?.Dispose();
        _owner?.Dispose();
        _relay?.Dispose();
        _names?.Dispose();
        _linked?.Dispose();
        _sandbox.Dispose();
    }

    /// <summary>The engine's text, then those it is linked to, then its own names by its addresses. In place: the file is mounted in the container.</summary>
    private void WriteHosts()
    {
        var plan = _sandbox.Plan;
        if (plan.HostsPath.Length == 0)
            return;
        var text = new StringBuilder(_linked?.Text);
        foreach (var endpoint in _sandbox.State.Endpoints)
        {
            foreach (var address in (string[])[endpoint.Ip, endpoint.Ip6])
            {
                if (address.Length > 0 && plan.Hostname.Length > 0)
                    text.Append(address).Append('\t').Append(plan.Domainname.Length > 0 ? $"{plan.Hostname}.{plan.Domainname} " : "").Append(plan.Hostname).Append('\n');
            }
        }
        byte[] whole = [.. _hosts, .. Encoding.UTF8.GetBytes(text.ToString())];
        using var file = Fd.Open(plan.HostsPath, OpenFlags.WriteOnly);
        RandomAccess.Write(file, whole, 0);
        RandomAccess.SetLength(file, whole.Length);
    }

    private void ServeNames() => _names = new NameServer(_loop, _sandbox);

    /// <summary>The names are served by the shim whose network it is; when that one leaves first, by this one.</summary>
    private void FollowOwner()
    {
        try
        {
            _owner = PidFd.Open(_sandbox.Shared.OwnerPid);
            _ownerWatch = _loop.Watch(_owner, EpollEvents.Read, _ => OnOwnerGone());
        }
        catch (LinuxException)
        {
            OnOwnerGone();
        }
    }

    private void OnOwnerGone()
    {
        _ownerWatch?.Dispose();
        _ownerWatch = null;
        // Several may share it: the last one to redirect the port serves all of them.
        ServeNames();
    }
}
