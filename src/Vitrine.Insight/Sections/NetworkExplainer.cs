using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Sections;

/// <summary>What the process's network namespace has, and who listens in it.</summary>
internal static class NetworkExplainer
{
    /// <summary>Each protocol's table, and the file and line that count its sockets.</summary>
    private static readonly (string Table, string Counters, string Count)[] Protocols =
        [("tcp", "sockstat", "TCP:"), ("tcp6", "sockstat6", "TCP6:"), ("udp", "sockstat", "UDP:"), ("udp6", "sockstat6", "UDP6:")];

    private sealed record Socket(string Protocol, SocketEntry Entry)
    {
        public bool IsTcp => Protocol.StartsWith('t');

        public bool IsWaiting => Entry.State == (IsTcp ? SocketEntry.Listen : SocketEntry.UdpUnconnected);
    }

    public static NetworkSection Explain(ExplainContext context)
    {
        var notes = context.Notes();
        var devices = notes.Read("interfaces", context.Source("net/dev"), () => context.Proc.NetworkDevices(context.Pid)) ?? [];
        var sockets = Sockets(context, notes);
        var isHost = context.KnowsNamespaces && !context.HasOwn(NamespaceKind.Network);
        var gateway = notes.Read("gateway", context.Source("net/route"), () => context.Proc.DefaultGateway(context.Pid));
        Note(context, notes, devices, gateway, isHost);
        var section = new NetworkSection
        {
            Interfaces = [.. devices.Select(Describe)],
            Addresses = notes.Read("addresses", context.Source("net/fib_trie"), () => context.Proc.Addresses(context.Pid)) ?? [],
            DefaultGateway = gateway,
            Routes = NetworkPlaceExplainer.Routes(notes.Read("routes", context.Source("net/route"), () => context.Proc.Routes(context.Pid)) ?? []),
            Listeners = Listeners(context, sockets, isHost),
            EstablishedConnections = sockets.Count(socket => socket.IsTcp && socket.Entry.State == SocketEntry.Established),
        };
        if (context.HasOwn(NamespaceKind.Network))
            section = NetworkPlaceExplainer.Complete(context, section, notes);
        return section with { Facts = notes.Facts, Warnings = notes.Warnings };
    }

    /// <summary>Interfaces and published ports alone.</summary>
    public static NetworkSection Settings(ExplainContext context)
    {
        var notes = context.Notes();
        var devices = notes.Read("interfaces", context.Source("net/dev"), () => context.Proc.NetworkDevices(context.Pid)) ?? [];
        var section = new NetworkSection { Interfaces = [.. devices.Select(Describe)] };
        var published = context.HasOwn(NamespaceKind.Network) ? notes.Read("published", "nftables", context.Options.PublishedPorts) ?? [] : [];
        if (published.Count > 0)
        {
            section = section with { Addresses = notes.Read("addresses", context.Source("net/fib_trie"), () => context.Proc.Addresses(context.Pid)) ?? [] };
            section = section with { PublishedPorts = NetworkPlaceExplainer.Own(published, section) };
        }

        return section with { Facts = notes.Facts, Warnings = notes.Warnings };
    }

    private static void Note(
        ExplainContext context, SectionNotes notes, IReadOnlyList<InterfaceCounters> devices, string? gateway, bool isHost)
    {
        var space = NamespaceExplainer.Describe(context, NamespaceKind.Network);
        if (space.Inode is { } inode)
        {
            notes.Fact("namespace", $"net:[{inode}], {Sharing(space)}", space.Source,
                "Interfaces, addresses, routes, ports and firewall rules are those of whoever has this number.");
        }

        var names = string.Join(", ", devices.Select(device => device.Name));
        var onlyLoopback = devices is [{ Name: "lo" }];
        notes.Fact("interfaces", names.Length > 0 ? names : "none", context.Source("net/dev"), (isHost, onlyLoopback) switch
        {
            (true, _) => "These are the host's.",
            (_, true) => "Nothing but the loopback: it can talk to nobody outside, and nobody to it.",
            _ => "One end of a pair each: the other end is on the host or in another namespace.",
        });
        if (gateway is not null)
            notes.Fact("gateway", gateway, context.Source("net/route"), "What is not on its own network goes there.");
    }

    private static string Sharing(NamespaceFact space) => space switch
    {
        { Scope: NamespaceScope.Host } => "the host's",
        { SharedWith: [] } => "its own",
        _ => $"with {NamespaceExplainer.Names(space.SharedWith)}",
    };

    private static List<Socket> Sockets(ExplainContext context, SectionNotes notes)
    {
        var sockets = new List<Socket>();
        foreach (var (protocol, counters, count) in Protocols)
        {
            if (HasNone(context, counters, count))
                continue;
            var entries = notes.Read(protocol, context.Source($"net/{protocol}"), () => context.Proc.Sockets(context.Pid, protocol));
            foreach (var entry in entries ?? [])
                sockets.Add(new Socket(protocol, entry));
        }

        return sockets;
    }

    /// <summary>
    /// Whether the namespace has no socket of a protocol. To list them the kernel walks the hash table of all namespaces, some
    /// milliseconds each time; the count is kept by namespace.
    /// </summary>
    private static bool HasNone(ExplainContext context, string counters, string count)
    {
        try
        {
            return context.Proc.Text(context.Pid, $"net/{counters}") is { } text
                && text.Split('\n').Any(line => line.StartsWith($"{count} inuse 0", StringComparison.Ordinal));
        }
        catch (LinuxException)
        {
            return false; // The table itself will say why it cannot be read.
        }
    }

    private static List<Listener> Listeners(ExplainContext context, List<Socket> sockets, bool isHost)
    {
        var waiting = sockets.FindAll(socket => socket.IsWaiting);
        var owners = waiting.Count > 0 ? Owners(context) : [];
        var listeners = new List<Listener>();
        foreach (var (protocol, entry) in waiting)
        {
            var found = owners.TryGetValue(entry.Inode, out var pid);
            // On the host's network the tables hold every socket of the host: only the container's own are its.
            if (isHost && !found)
                continue;
            listeners.Add(new Listener
            {
                Protocol = protocol,
                Address = entry.Local.Address.ToString(),
                Port = entry.Local.Port,
                Pid = found ? pid : null,
                Command = found ? context.Host.Find(pid)?.Command : null,
            });
        }

        return listeners;
    }

    /// <summary>Which of the container's processes has which socket open, by inode; the first found of several.</summary>
    private static Dictionary<ulong, int> Owners(ExplainContext context)
    {
        const string prefix = "socket:[";
        var owners = new Dictionary<ulong, int>();
        foreach (var pid in context.Members.InOrder())
        {
            foreach (var file in OpenFiles(context, pid))
            {
                if (file.Target.StartsWith(prefix, StringComparison.Ordinal)
                    && ulong.TryParse(file.Target.AsSpan(prefix.Length).TrimEnd(']'), out var inode))
                    owners.TryAdd(inode, pid);
            }
        }

        return owners;
    }

    private static IReadOnlyList<OpenFile> OpenFiles(ExplainContext context, int pid)
    {
        try
        {
            return context.Proc.OpenFiles(pid) ?? [];
        }
        catch (LinuxException)
        {
            return []; // Another user's process: the listener is shown without its owner.
        }
    }

    private static NetworkInterface Describe(InterfaceCounters device) =>
        new() { Name = device.Name, ReceivedBytes = device.ReceivedBytes, SentBytes = device.SentBytes };
}
