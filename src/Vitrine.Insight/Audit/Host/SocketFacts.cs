using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Vitrine.Insight.Audit.Known;
using Vitrine.Linux;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Audit;

/// <summary>An engine's socket: who may reach it, and what it says when it is asked for its version.</summary>
internal sealed class SocketFacts
{
    private const string UnixPrefix = "unix://";
    private const string TcpPrefix = "tcp://";
    private const int TimeoutMilliseconds = 3000;
    private const int LongestAnswer = 256 << 10;
    private const ushort DefaultPort = 2375;
    private const uint OthersSearch = 1;

    /// <summary>A socket that nobody has looked at yet.</summary>
    internal SocketFacts(string address) => Address = address;

    /// <summary>A path, or tcp://HOST:PORT.</summary>
    public string Address { get; }

    public bool IsTcp => Address.StartsWith(TcpPrefix, StringComparison.Ordinal);

    /// <summary>Null for TCP.</summary>
    public HostFile? File { get; init; }

    /// <summary>Whether every directory above it may be passed by everybody.</summary>
    public bool IsReachable { get; init; }

    public string? GroupName { get; init; }

    /// <summary>Names, parted by commas.</summary>
    public string? GroupMembers { get; init; }

    /// <summary>What it answered: engine and version; null where it did not.</summary>
    public string? Answer { get; set; }

    /// <summary>The engine that answered.</summary>
    public InstalledProgram? Program { get; set; }

    /// <summary>Why it did not answer.</summary>
    public string? Failure { get; set; }

    /// <summary>Looks at a socket, and asks it for its version as any client does first.</summary>
    /// <exception cref="VitrineException">NotFound; Invalid: it is no socket.</exception>
    public static SocketFacts Look(string address, HostFacts host)
    {
        address = address.StartsWith(UnixPrefix, StringComparison.Ordinal) ? address[UnixPrefix.Length..] : address;
        if (address.StartsWith(TcpPrefix, StringComparison.Ordinal))
        {
            var remote = new SocketFacts(address);
            remote.Ask();
            return remote;
        }

        if (host.File(address) is not { } file)
            throw new VitrineException(ErrorKind.NotFound, $"{address}: no such socket, or its directory may not be entered");
        if (file.Status.Kind != FileKind.Socket)
            throw new VitrineException(ErrorKind.Invalid, $"{address} is no socket");
        var group = host.Group(file.Status.Gid);
        var facts = new SocketFacts(address) { File = file, IsReachable = Reachable(address, host), GroupName = group?[0], GroupMembers = group?[3] };
        facts.Ask();
        return facts;
    }

    private static bool Reachable(string path, HostFacts host)
    {
        for (var parent = Path.GetDirectoryName(path); parent is { Length: > 1 }; parent = Path.GetDirectoryName(parent))
        {
            if (host.File(parent) is { } directory && (directory.Status.Mode & OthersSearch) == 0)
                return false;
        }

        return true;
    }

    private void Ask()
    {
        try
        {
            using var socket = Connect();
            Fd.WriteAll(socket, "GET /version HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8);
            var answer = Receive(socket);
            var body = answer.AsSpan().IndexOf("\r\n\r\n"u8);
            if (!answer.AsSpan().StartsWith("HTTP/1."u8) || body < 0)
                Failure = "it does not speak HTTP in clear";
            else if (!answer.AsSpan(9).StartsWith("200"u8))
                Failure = $"GET /version: {Encoding.ASCII.GetString(answer.AsSpan(9, Math.Min(3, answer.Length - 9)))}";
            else
                Read(answer.AsSpan(body + 4));
        }
        catch (Exception e) when (e is LinuxException or JsonException)
        {
            Failure = e.Message;
        }
    }

    private SafeFileHandle Connect()
    {
        if (!IsTcp)
            return UnixStream.Connect(Address);
        var (address, port) = Remote(Address[TcpPrefix.Length..]);
        var socket = InetSocket.Connect(InetSocket.Stream, address, port);
        // The connection is made in the background: it can be written to when it stands, or has failed.
        if (Poll.Wait(socket, PollEvents.Write, TimeoutMilliseconds) != PollEvents.None)
            return socket;
        socket.Dispose();
        throw new LinuxException("connect", Address, Errno.ETIMEDOUT);
    }

    /// <summary>Reads HOST:PORT, the port being docker's where none is given. Names are not looked up.</summary>
    /// <exception cref="VitrineException">Invalid: the host is no address.</exception>
    internal static (IPAddress Address, ushort Port) Remote(string text)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']') && text.IndexOf(':', StringComparison.Ordinal) == colon || (colon > 0 && text[colon - 1] == ']');
        var host = (hasPort ? text[..colon] : text).TrimEnd('/').Trim('[', ']');
        var port = DefaultPort;
        if (hasPort && !ushort.TryParse(text[(colon + 1)..].TrimEnd('/'), out port))
            throw new VitrineException(ErrorKind.Invalid, $"tcp://{text}: that is no port");
        if (host == "localhost")
            return (IPAddress.Loopback, port);
        return IPAddress.TryParse(host, out var address) ? (address, port)
            : throw new VitrineException(ErrorKind.Invalid, $"tcp://{text}: give the host as an address; names are not looked up");
    }

    private static byte[] Receive(SafeFileHandle socket)
    {
        var buffer = new byte[LongestAnswer];
        var length = 0;
        while (length < buffer.Length && Poll.Wait(socket, PollEvents.Read, TimeoutMilliseconds) != PollEvents.None)
        {
            var read = Fd.Read(socket, buffer.AsSpan(length));
            if (read == 0)
                break;
            length += Math.Max(read, 0);
        }

        return buffer[..length];
    }

    /// <summary>
    /// Reads what GET /version answers. The first component is the engine itself; the others are its helpers, and podman's platform is
    /// only the machine's.
    /// </summary>
    internal void Read(ReadOnlySpan<byte> body)
    {
        var (version, platform, component) = ("", "", "");
        var json = new JsonCursor(body);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Version": version = json.Text(); break;
                case "Platform": platform = ReadName(ref json); break;
                case "Components": component = json.List(ReadName).FirstOrDefault() ?? ""; break;
                default: json.Skip(); break;
            }
        }

        var isPodman = component.Contains("Podman", StringComparison.OrdinalIgnoreCase);
        Answer = $"{(platform.Length > 0 && !isPodman ? platform : component.Length > 0 ? component : "an engine")}, version {version}";
        var name = isPodman || platform.Contains("Podman", StringComparison.OrdinalIgnoreCase) ? "podman"
            : platform.Contains("Vitrine", StringComparison.OrdinalIgnoreCase) ? "vitrined" : "dockerd";
        if (SoftwareVersion.Parse(version) is { } number)
            Program = new InstalledProgram { Name = name, Version = number, Text = version, Source = $"{Address}: GET /version" };
    }

    private static string ReadName(ref JsonCursor json) => json.Member("Name", static (ref JsonCursor name) => name.Text()) ?? "";
}
