using System.Buffers;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Secrets;

namespace Vitrine.Api.Serving;

/// <summary>Who called what: a line of JSON for each request, written when it is over, with what the kernel says of the caller.</summary>
internal sealed class AuditLog : IDisposable
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TrafficMask _mask;
    private readonly SafeFileHandle _file;
    private readonly TimeProvider _time;

    /// <param name="path">The file; made with mode 0600, and added to.</param>
    /// <param name="time">The clock.</param>
    /// <param name="mask">Hides secrets, also those that are arguments of whoever calls.</param>
    /// <exception cref="VitrineException">Invalid: it cannot be written.</exception>
    public AuditLog(string path, TimeProvider time, TrafficMask mask)
    {
        _mask = mask;
        _time = time;
        try
        {
            _file = Fd.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append);
        }
        catch (LinuxException e)
        {
            throw new VitrineException(ErrorKind.Invalid, $"--audit-log: {e.Message}", e);
        }
    }

    /// <summary>Who is at the other end of a connection, asked while it is open; the command line is read at once, as the caller may be gone soon.</summary>
    public static AuditCaller Identify(IFeatureCollection connection)
    {
        if (connection.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            return default;
        if (socket.AddressFamily is not AddressFamily.Unix)
            return new AuditCaller(0, 0, [socket.RemoteEndPoint?.ToString() ?? ""]);
        return PeerCredentials.Of(socket) is var (pid, uid) ? new AuditCaller(pid, uid, CommandLine(pid)) : default;
    }

    /// <summary>Writes a line.</summary>
    public void Write(in AuditCaller caller, string method, string target, int status, long started, string? body)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("time", _time.GetUtcNow().UtcDateTime);
            json.WriteNumber("pid", caller.Pid);
            json.WriteNumber("uid", caller.Uid);
            json.WriteString("command", string.Join(' ', _mask.Command(caller.CommandLine ?? [])));
            json.WriteString("method", method);
            json.WriteString("path", _mask.Target(target));
            if (ContainerOf(target) is { } container)
                json.WriteString("container", container);
            json.WriteNumber("status", status);
            json.WriteNumber("durationMs", Math.Round(_time.GetElapsedTime(started).TotalMilliseconds, 3));
            if (body is not null)
                json.WriteString("body", body);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        // What callers put into a path or an argument must not change how whoever reads the log sees the rest of the line.
        var line = VisibleText.OfJson(buffer.WrittenSpan);
        try
        {
            // One write: lines of several calls do not mix in a file that is added to.
            Fd.WriteAll(_file, line);
        }
        catch (LinuxException)
        {
            // A full disk must not end the service of those who would make room.
        }
    }

    public void Dispose() => _file.Dispose();

    private static IReadOnlyList<string> CommandLine(int pid)
    {
        try
        {
            return ProcFs.Host.CommandLine(pid) ?? [];
        }
        catch (LinuxException)
        {
            return [];
        }
    }

    private static string? ContainerOf(string target)
    {
        var parts = target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(parts, "containers");
        return at >= 0 && at + 1 < parts.Length && parts[at + 1] is not ("json" or "create" or "prune") ? Uri.UnescapeDataString(parts[at + 1]) : null;
    }
}

/// <summary>The other end of a unix socket as the kernel knows it.</summary>
/// <param name="Pid">Its process when it connected; 0 where it is in another pid namespace, or over TCP.</param>
/// <param name="Uid">Its user.</param>
/// <param name="CommandLine">Of the process, word by word; over TCP the address.</param>
internal readonly record struct AuditCaller(int Pid, int Uid, IReadOnlyList<string>? CommandLine);
