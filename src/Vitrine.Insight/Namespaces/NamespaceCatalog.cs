using Vitrine.Insight.Host;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Secrets;

namespace Vitrine.Insight.Namespaces;

/// <summary>All namespaces of this host, from one look at its processes and at the files that namespaces are bound to.</summary>
public sealed class NamespaceCatalog
{
    private const string BoundFileSystem = "nsfs";

    private readonly HostContainers _host;
    private readonly ProcFs _proc;
    private readonly AccountNames _accounts;
    private readonly SecretRedactor _redactor;
    private readonly Dictionary<NamespaceId, HostNamespace> _byId = [];

    private NamespaceCatalog(HostContainers host, ProcFs proc, AccountNames accounts)
    {
        _host = host;
        _proc = proc;
        _accounts = accounts;
        _redactor = new SecretRedactor(Fingerprint.OfHost(proc), reveal: false);
    }

    /// <summary>By inode, as lsns has them. Threads of the kernel are not counted: they are in none but the host's.</summary>
    public IReadOnlyList<HostNamespace> All => [.. _byId.Values.OrderBy(one => one.Inode).ThenBy(one => one.Kind)];

    /// <summary>What could not be seen, a sentence each; empty for root.</summary>
    public IReadOnlyList<string> Missing => _host.Missing;

    /// <param name="host">The processes, and which container they are in.</param>
    /// <param name="proc">Where more is read of them.</param>
    /// <param name="accounts">Names of users.</param>
    public static NamespaceCatalog Read(HostContainers host, ProcFs proc, AccountNames accounts)
    {
        var catalog = new NamespaceCatalog(host, proc, accounts);
        var members = new Dictionary<NamespaceId, List<HostProcess>>();
        foreach (var process in host.Processes)
        {
            foreach (var kind in NamespaceId.Kinds)
            {
                if (process.Namespace(kind) is var inode and not 0)
                    Add(members, new NamespaceId(kind, inode), process);
            }
        }

        foreach (var (id, processes) in members)
            catalog._byId[id] = catalog.Describe(id, processes);
        catalog.AddBound();
        return catalog;
    }

    /// <summary>The namespace of a number; null where there is none.</summary>
    public HostNamespace? Find(ulong inode) => _byId.Values.FirstOrDefault(one => one.Inode == inode);

    /// <summary>The eight namespaces of a process, those that are known.</summary>
    public IReadOnlyList<HostNamespace> Of(int pid)
    {
        if (_host.Processes.FirstOrDefault(one => one.Pid == pid) is not { } process)
            return [];
        var found = new List<HostNamespace>();
        foreach (var kind in NamespaceId.Kinds)
        {
            if (_byId.TryGetValue(new NamespaceId(kind, process.Namespace(kind)), out var one))
                found.Add(one);
        }

        return found;
    }

    private static void Add(Dictionary<NamespaceId, List<HostProcess>> members, NamespaceId id, HostProcess process)
    {
        if (!members.TryGetValue(id, out var list))
            members[id] = list = [];
        list.Add(process);
    }

    private HostNamespace Describe(NamespaceId id, List<HostProcess> processes)
    {
        processes.Sort((one, other) => one.Pid.CompareTo(other.Pid));
        var containers = new List<HostContainer>();
        foreach (var process in processes)
        {
            if (_host.Of(process.Pid) is { } container && !containers.Contains(container))
                containers.Add(container);
        }

        var first = processes[0];
        return new HostNamespace
        {
            Kind = id.Kind,
            Inode = id.Inode,
            Pids = processes.ConvertAll(process => process.Pid),
            IsHosts = _host.HostNamespaces[(int)id.Kind] == id.Inode,
            Containers = containers,
            // Who made a container and stayed with it (unshare) is nobody else.
            HoldsHostProcesses = processes.Exists(process =>
                _host.Of(process.Pid) is null && !containers.Exists(container => container.Supervisor?.Pid == process.Pid)),
            Uid = first.Glance.User,
            User = _accounts.User(first.Glance.User),
            Command = CommandOf(first),
        };
    }

    private string CommandOf(HostProcess process)
    {
        try
        {
            return _proc.CommandLine(process.Pid) is { Count: > 0 } words ? string.Join(' ', _redactor.Redact(words)) : $"[{process.Command}]";
        }
        catch (LinuxException)
        {
            return $"[{process.Command}]";
        }
    }

    /// <summary>A namespace that is bound to a file is the root of a mount: <c>net:[4026532281]</c>.</summary>
    private void AddBound()
    {
        foreach (var mount in _proc.ReaderMounts())
        {
            if (mount.FileSystem != BoundFileSystem)
                continue;
            foreach (var kind in NamespaceId.Kinds)
            {
                if (!NamespaceId.TryParse(kind, mount.Root, out var id))
                    continue;
                _byId[id] = _byId.TryGetValue(id, out var known)
                    ? known with { File = known.File ?? mount.MountPoint }
                    : new HostNamespace { Kind = kind, Inode = id.Inode, Pids = [], File = mount.MountPoint };
            }
        }
    }
}
