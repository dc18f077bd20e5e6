using System.Net;

namespace Vitrine.Linux.Proc;

/// <summary>One interface in /proc/PID/net/dev.</summary>
public sealed record InterfaceCounters(string Name, ulong ReceivedBytes, ulong SentBytes);

/// <summary>One socket in /proc/PID/net/tcp, tcp6, udp or udp6 (proc_pid_net(5)).</summary>
/// <param name="Local">The bound address and port.</param>
/// <param name="Remote">The peer; all zero where there is none.</param>
/// <param name="State">The kernel's TCP states; UDP sockets that wait for datagrams are in state 7.</param>
/// <param name="Inode">Names the socket in <c>/proc/PID/fd</c>: <c>socket:[inode]</c>.</param>
public sealed record SocketEntry(IPEndPoint Local, IPEndPoint Remote, byte State, ulong Inode)
{
    public const byte Established = 1;
    public const byte UdpUnconnected = 7;
    public const byte Listen = 10;
}

/// <summary>A route in /proc/PID/net/route or ipv6_route.</summary>
/// <param name="Destination">Its network's address; all zero for a default route.</param>
/// <param name="Prefix">Bits of it.</param>
/// <param name="Gateway">Where to, or null for a network at the interface.</param>
/// <param name="Interface">The interface it leads to.</param>
public sealed record RouteEntry(IPAddress Destination, int Prefix, IPAddress? Gateway, string Interface);

/// <summary>Parsers of the tables in /proc/PID/net. Malformed lines are left out; nothing throws.</summary>
public static class NetTables
{
    public static List<InterfaceCounters> ParseDevices(ReadOnlySpan<byte> text)
    {
        var devices = new List<InterfaceCounters>();
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            // The name ends at the last colon of the first word: an alias may hold one itself.
            var colon = line.LastIndexOf((byte)':');
            if (colon < 0)
                continue;
            var words = new Utf8Words(line[(colon + 1)..]);
            if (!words.TryUInt64(out var received) || !Skip(ref words, 7) || !words.TryUInt64(out var sent))
                continue;
            devices.Add(new InterfaceCounters(Utf8Text.Decode(line[..colon].Trim((byte)' ')), received, sent));
        }

        return devices;
    }

    /// <summary>Reads a TCP or UDP table of either family.</summary>
    public static List<SocketEntry> ParseSockets(ReadOnlySpan<byte> text)
    {
        var sockets = new List<SocketEntry>();
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            var words = new Utf8Words(line);
            if (!words.TryNext(out _) || !TryEndPoint(ref words, out var local) || !TryEndPoint(ref words, out var remote))
                continue;
            if (!words.TryNext(out var state) || !Utf8Text.TryHex(state, out var number) || number > byte.MaxValue)
                continue;
            // tx:rx queues, timer, retransmits, uid, timeout
            if (Skip(ref words, 5) && words.TryUInt64(out var inode))
                sockets.Add(new SocketEntry(local, remote, (byte)number, inode));
        }

        return sockets;
    }

    /// <summary>The namespace's own IPv4 addresses, from /proc/PID/net/fib_trie: leaves that are "host LOCAL".</summary>
    public static List<string> ParseLocalAddresses(ReadOnlySpan<byte> text)
    {
        var addresses = new List<string>();
        var address = "";
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            line = line.Trim((byte)' ');
            if (line.StartsWith("|-- "u8))
                address = Utf8Text.Decode(line[4..]);
            else if (line.SequenceEqual("/32 host LOCAL"u8) && address.Length > 0 && !addresses.Contains(address))
                addresses.Add(address);
        }

        return addresses;
    }

    /// <summary>IPv6 addresses with their prefix length, from /proc/PID/net/if_inet6.</summary>
    public static List<string> ParseAddresses6(ReadOnlySpan<byte> text)
    {
        var addresses = new List<string>();
        Span<byte> bytes = stackalloc byte[16];
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            var words = new Utf8Words(line);
            if (!words.TryNext(out var hex) || hex.Length != 32 || !TryBytes(hex, bytes) || !words.TryNext(out _))
                continue;
            if (words.TryNext(out var prefix) && Utf8Text.TryHex(prefix, out var length) && length <= 128)
                addresses.Add($"{new IPAddress(bytes)}/{length}");
        }

        return addresses;
    }

    /// <summary>IPv4 routes, from /proc/PID/net/route.</summary>
    public static List<RouteEntry> ParseRoutes(ReadOnlySpan<byte> text)
    {
        var routes = new List<RouteEntry>();
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            var words = new Utf8Words(line);
            if (!words.TryNext(out var name) || !TryAddress(ref words, out var destination) || !TryAddress(ref words, out var gateway))
                continue;
            // flags, references, uses, metric
            if (!Skip(ref words, 4) || !words.TryNext(out var hex) || !Utf8Text.TryHex(hex, out var mask))
                continue;
            var prefix = System.Numerics.BitOperations.PopCount(mask);
            routes.Add(new RouteEntry(destination, prefix, gateway.Equals(IPAddress.Any) ? null : gateway, Utf8Text.Decode(name)));
        }

        return routes;
    }

    /// <summary>IPv6 routes to others, from /proc/PID/net/ipv6_route: neither to the namespace itself, nor for multicast, nor refusals.</summary>
    public static List<RouteEntry> ParseRoutes6(ReadOnlySpan<byte> text)
    {
        const ulong toItself = 0x80000000 | 0x00100000;
        const ulong rejected = 0x0200;
        var routes = new List<RouteEntry>();
        Span<byte> destination = stackalloc byte[16];
        Span<byte> gateway = stackalloc byte[16];
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            var words = new Utf8Words(line);
            if (!words.TryNext(out var to) || to.Length != 32 || !TryBytes(to, destination) || !words.TryNext(out var prefix)
                || !Utf8Text.TryHex(prefix, out var length) || length > 128)
                continue;
            // source, its prefix
            if (!Skip(ref words, 2) || !words.TryNext(out var through) || through.Length != 32 || !TryBytes(through, gateway))
                continue;
            // metric, references, uses
            if (!Skip(ref words, 3) || !words.TryNext(out var hex) || !Utf8Text.TryHex(hex, out var flags) || !words.TryNext(out var name))
                continue;
            if ((flags & (toItself | rejected)) == 0 && destination[0] != 0xff)
            {
                var direct = !gateway.ContainsAnyExcept((byte)0);
                routes.Add(new RouteEntry(new IPAddress(destination), (int)length, direct ? null : new IPAddress(gateway), Utf8Text.Decode(name)));
            }
        }

        return routes;
    }

    /// <summary>The IPv4 default gateway, from /proc/PID/net/route; null where there is no default route.</summary>
    public static string? ParseDefaultGateway(ReadOnlySpan<byte> text)
    {
        var lines = new Utf8Lines(text);
        while (lines.TryNext(out var line))
        {
            var words = new Utf8Words(line);
            if (!words.TryNext(out _) || !TryAddress(ref words, out var destination) || !TryAddress(ref words, out var gateway))
                continue;
            // flags, references, uses, metric
            if (!Skip(ref words, 4) || !TryAddress(ref words, out var mask))
                continue;
            if (destination.Equals(IPAddress.Any) && mask.Equals(IPAddress.Any))
                return gateway.ToString();
        }

        return null;
    }

    private static bool Skip(ref Utf8Words words, int count)
    {
        for (; count > 0; count--)
        {
            if (!words.TryNext(out _))
                return false;
        }

        return true;
    }

    private static bool TryEndPoint(ref Utf8Words words, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.Any, 0);
        if (!words.TryNext(out var word))
            return false;
        var colon = word.IndexOf((byte)':');
        if (colon < 0 || !TryAddress(word[..colon], out var address))
            return false;
        if (!Utf8Text.TryHex(word[(colon + 1)..], out var port) || port > ushort.MaxValue)
            return false;
        endPoint = new IPEndPoint(address, (int)port);
        return true;
    }

    private static bool TryAddress(ref Utf8Words words, out IPAddress address)
    {
        address = IPAddress.Any;
        return words.TryNext(out var word) && TryAddress(word, out address);
    }

    // Each 32-bit word is printed as a number, so on a little-endian machine its bytes are reversed (net/ipv4/tcp_ipv4.c).
    private static bool TryAddress(ReadOnlySpan<byte> hex, out IPAddress address)
    {
        address = IPAddress.Any;
        if (hex.Length is not (8 or 32))
            return false;
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..(hex.Length / 2)];
        if (!TryBytes(hex, bytes))
            return false;
        for (var word = bytes; BitConverter.IsLittleEndian && !word.IsEmpty; word = word[4..])
            word[..4].Reverse();
        address = new IPAddress(bytes);
        return true;
    }

    private static bool TryBytes(ReadOnlySpan<byte> hex, Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!Utf8Text.TryHex(hex.Slice(i * 2, 2), out var value))
                return false;
            bytes[i] = (byte)value;
        }

        return true;
    }
}
