using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Netlink;

namespace Vitrine.Network;

/// <summary>
/// A network namespace with all that belongs to it, held by a shim: it is made before the container's process and outlives each
/// run of it, so that a restart keeps interfaces, addresses and ports without anything being done. Containers that share it each
/// hold its lock; the last one to leave removes what it has on the host.
/// </summary>
/// <remarks>
/// Making one: (1) directory and lock, (2) the namespace, (3) under the store's lock each network - lease, state, interfaces -,
/// (4) ports. What is made is in state.json before it is made, so that whoever finds the lock free can undo it.
/// </remarks>
public sealed partial class Sandbox : IDisposable
{
    private const string UserName = "user-";

    private readonly NetworkPaths _paths;
    private readonly string _home;
    private readonly FileLock _lock;
    private readonly AddressMemory _memory;
    private readonly PortReservations _reservations;
    private readonly List<string> _told = [];
    private readonly RouteSocket? _inside;
    private NetworkPlan _plan;

    private Sandbox(NetworkPlan plan, string home, string memory, FileLock mine, SafeFileHandle space, RouteSocket? inside)
    {
        _paths = new NetworkPaths(plan.DataRoot, plan.ExecRoot);
        (_plan, _home, _lock, Namespace, _inside) = (plan, home, mine, space, inside);
        _memory = new AddressMemory(memory);
        _reservations = new PortReservations(_paths);
        State = new SandboxState { Id = plan.Id, Name = plan.Name, ShimPid = Environment.ProcessId };
        var user = Path.Join(_paths.Sandbox(home), UserName + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(user, Fd.Number(space).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The namespace.</summary>
    public SafeFileHandle Namespace { get; }

    /// <summary>A path to the namespace, for as long as this process holds it.</summary>
    public string NamespacePath => string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{Fd.Number(Namespace)}");

    /// <summary>What has been set up.</summary>
    public SandboxState State { get; private set; }

    /// <summary>The networks that can be reached from here, and the shim that set them up: another's, where this shim only joined.</summary>
    public (int OwnerPid, IReadOnlyList<EndpointState> Endpoints) Shared
    {
        get
        {
            var state = IsOwner ? State : SandboxState.Read(_paths.SandboxState(_home)) ?? State;
            return (state.ShimPid, state.Endpoints);
        }
    }

    /// <summary>Where the leases are, for the name service.</summary>
    public NetworkPaths Paths => _paths;

    public NetworkPlan Plan => _plan;

    /// <summary>Whether this shim is the one that sets up and serves.</summary>
    public bool IsOwner => _home == State.Id;

    /// <summary>What was changed on the host, and what a user should know: one line each.</summary>
    public IReadOnlyList<string> Warnings => _told;

    /// <summary>Makes a sandbox, or takes over one of this container that others still live in.</summary>
    /// <param name="plan">What it shall be.</param>
    /// <param name="memory">The container's addresses.json.</param>
    /// <exception cref="NetworkException">An address or port is taken, or makes no sense.</exception>
    /// <exception cref="LinuxException">The kernel refused something.</exception>
    public static Sandbox Create(NetworkPlan plan, string memory)
    {
        var paths = new NetworkPaths(plan.DataRoot, plan.ExecRoot);
        var store = new NetworkStore(paths);
        Sandbox sandbox;
        using (store.Lock())
        {
            if (Directory.Exists(paths.Sandbox(plan.Id)) && !SandboxSweep.IsAlive(paths, plan.Id))
                SandboxSweep.Remove(paths, plan.Id);
            sandbox = Directory.Exists(paths.Sandbox(plan.Id)) ? TakeOver(paths, plan, memory) : New(paths, plan, memory);
        }
        try
        {
            sandbox.Apply(plan);
            return sandbox;
        }
        catch
        {
            sandbox.Release();
            sandbox.Dispose();
            throw;
        }
    }

    /// <summary>Lives in another container's sandbox.</summary>
    /// <param name="plan">Whose.</param>
    /// <param name="memory">The container's addresses.json.</param>
    public static Sandbox? Join(NetworkPlan plan, string memory)
    {
        var paths = new NetworkPaths(plan.DataRoot, plan.ExecRoot);
        var other = plan.Join!;
        using (new NetworkStore(paths).Lock())
        {
            // One with the host's network or with none has no sandbox to keep.
            return Directory.Exists(paths.Sandbox(other))
                ? new Sandbox(plan, other, memory, FileLock.Acquire(paths.SandboxLock(other), LockMode.Shared), Fd.Open(plan.JoinPath, OpenFlags.ReadOnly), null)
                : null;
        }
    }

    /// <summary>The container has ended for good: removes what it has on the host, unless others live in it.</summary>
    public void Release()
    {
        using (new NetworkStore(_paths).Lock())
        {
            _reservations.Dispose();
            _lock.Dispose();
            File.Delete(Path.Join(_paths.Sandbox(_home), UserName + Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            if (Directory.Exists(_paths.Sandbox(_home)) && !SandboxSweep.IsAlive(_paths, _home))
                SandboxSweep.Remove(_paths, _home);
        }
    }

    public void Dispose()
    {
        _reservations.Dispose();
        _lock.Dispose();
        _inside?.Dispose();
        Namespace.Dispose();
    }

    private static Sandbox New(NetworkPaths paths, NetworkPlan plan, string memory)
    {
        Directory.CreateDirectory(paths.Sandbox(plan.Id));
        var mine = FileLock.Acquire(paths.SandboxLock(plan.Id), LockMode.Shared);
        var (space, inside) = NetworkNamespace.Create(static () =>
        {
            HostSettings.OpenContainer();
            return new RouteSocket();
        });
        inside.SetUp(RouteSocket.Loopback);
        return new Sandbox(plan, plan.Id, memory, mine, space, inside);
    }

    /// <summary>The container was stopped and others went on in its network: it comes back to them.</summary>
    private static Sandbox TakeOver(NetworkPaths paths, NetworkPlan plan, string memory)
    {
        var mine = FileLock.Acquire(paths.SandboxLock(plan.Id), LockMode.Shared);
        foreach (var file in Directory.GetFiles(paths.Sandbox(plan.Id), UserName + "*"))
        {
            try
            {
                var pid = Path.GetFileName(file)[UserName.Length..];
                var space = Fd.Open($"/proc/{pid}/fd/{File.ReadAllText(file)}", OpenFlags.ReadOnly);
                var inside = NetworkNamespace.Enter(space, static () => new RouteSocket());
                var sandbox = new Sandbox(plan, plan.Id, memory, mine, space, inside);
                if (SandboxState.Read(paths.SandboxState(plan.Id)) is { } state)
                    sandbox.State = state with { ShimPid = Environment.ProcessId, Ports = [] };
                return sandbox;
            }
            catch (LinuxException)
            {
                // That one was killed; another one is there, or the lock would be free.
                File.Delete(file);
            }
        }
        mine.Dispose();
        throw new NetworkException(NetworkFailure.Conflict, $"the network of container {plan.Name} is still being left by others: try again");
    }

    private void Save() => AtomicFile.Write(_paths.SandboxState(State.Id), State.ToJson().ToUtf8(), durable: false);
}
