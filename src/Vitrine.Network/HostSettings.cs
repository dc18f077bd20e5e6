using Vitrine.Linux;

namespace Vitrine.Network;

/// <summary>Settings of the host's kernel that networks need; those of one interface go with it.</summary>
internal static class HostSettings
{
    /// <summary>Lets the host forward packets, where it does not yet.</summary>
    /// <returns>What to tell about it; null where nothing was changed.</returns>
    public static string? Forward(bool isIpv6)
    {
        var path = isIpv6 ? "/proc/sys/net/ipv6/conf/all/forwarding" : "/proc/sys/net/ipv4/ip_forward";
        if (!File.Exists(path) || File.ReadAllText(path).Trim() != "0")
            return null;
        Write(path, "1");
        return $"{(isIpv6 ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward")} was 0 and is 1 now: containers reach other machines through this host";
    }

    /// <summary>Routes loopback addresses to a bridge, so that 127.0.0.1:PORT reaches a published port; the guard rule keeps others from using that.</summary>
    public static void RouteLoopback(string bridge) => Write($"/proc/sys/net/ipv4/conf/{bridge}/route_localnet", "1");

    /// <summary>
    /// In a container's own namespace: ping and ports below 1024 without privileges, which harm nobody there. Then ping needs no
    /// NET_RAW, and a server no root. For the calling thread's namespace.
    /// </summary>
    public static void OpenContainer()
    {
        Write("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
        Write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
    }

    private static void Write(string path, string value)
    {
        using var file = Fd.Open(path, OpenFlags.WriteOnly);
        Fd.WriteAll(file, System.Text.Encoding.ASCII.GetBytes(value));
    }
}
