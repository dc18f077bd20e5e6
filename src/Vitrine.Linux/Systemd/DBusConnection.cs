using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux.Systemd;

/// <summary>A received message: what this client wants of it.</summary>
internal sealed record DBusMessage(byte Type, uint ReplyTo, string? Member, string? ErrorName, string Signature, byte[] Body)
{
    public const byte MethodCall = 1;
    public const byte Reply = 2;
    public const byte Error = 3;
    public const byte Signal = 4;
}

/// <summary>An error that the other side answered with.</summary>
public sealed class DBusException(string name, string message) : IOException(message)
{
    /// <summary>E.g. <c>org.freedesktop.systemd1.NoSuchUnit</c>.</summary>
    public string Name { get; } = name;
}

/// <summary>
/// As much of D-Bus as asking systemd takes: one connection, one call at a time, signals kept until they are looked for. Every wait
/// and every message has a bound.
/// </summary>
internal sealed class DBusConnection(SafeFileHandle socket, TimeSpan patience) : IDisposable
{
    private const int MaximumMessage = 1 << 20;
    private const int MaximumSignals = 4096;
    private const int MaximumLine = 512;
    private readonly Queue<DBusMessage> _signals = [];
    private uint _serial;

    public void Dispose() => socket.Dispose();

    /// <summary>Says who we are (SASL EXTERNAL): the kernel tells the other side our user, and the name must agree.</summary>
    /// <exception cref="IOException">Refused, or no answer in time.</exception>
    public void Authenticate(uint uid)
    {
        var name = Convert.ToHexStringLower(Encoding.ASCII.GetBytes(uid.ToString(CultureInfo.InvariantCulture)));
        // BEGIN goes along, as systemd's own client does: a server of its library that reads BEGIN and the first message at once
        // does not look at the message before another arrives.
        Fd.WriteAll(socket, Encoding.ASCII.GetBytes($"\0AUTH EXTERNAL {name}\r\nBEGIN\r\n"));
        var answer = ReadLine(Deadline());
        if (!answer.StartsWith("OK ", StringComparison.Ordinal))
            throw new IOException($"D-Bus: not let in as user {uid}: {answer}");
    }

    /// <summary>Calls a method and waits for the answer.</summary>
    /// <exception cref="DBusException">It answered with an error.</exception>
    /// <exception cref="IOException">The connection was lost, or no answer came in time.</exception>
    public DBusMessage Call(string destination, string path, string @interface, string member, string signature = "", Action<DBusWriter>? arguments = null)
    {
        var body = new DBusWriter();
        arguments?.Invoke(body);
        var message = new DBusWriter();
        message.Raw([(byte)'l', DBusMessage.MethodCall, 0, 1]);
        message.UInt32((uint)body.Length);
        message.UInt32(++_serial);
        var fields = new List<(byte Code, string Type, string Value)>
        {
            (1, "o", path), (2, "s", @interface), (3, "s", member), (6, "s", destination),
        };
        if (signature.Length > 0)
            fields.Add((8, "g", signature));
        message.Array(fields, 8, field =>
        {
            message.Byte(field.Code);
            message.Signature(field.Type);
            if (field.Type == "g")
                message.Signature(field.Value);
            else
                message.Text(field.Value);
        });
        message.Align(8);
        message.Raw(body.ToArray());
        Fd.WriteAll(socket, message.ToArray());
        return Answer(_serial, member);
    }

    /// <summary>Waits for a signal that is wanted, among those that came before too; others are dropped.</summary>
    /// <exception cref="IOException">It did not come in time.</exception>
    public DBusMessage WaitForSignal(string member, Func<DBusMessage, bool> wanted)
    {
        var deadline = Deadline();
        while (true)
        {
            var message = _signals.Count > 0 ? _signals.Dequeue() : Receive(deadline);
            if (message.Type == DBusMessage.Signal && message.Member == member && wanted(message))
                return message;
        }
    }

    private DBusMessage Answer(uint serial, string member)
    {
        var deadline = Deadline();
        while (true)
        {
            var message = Receive(deadline);
            if (message.Type == DBusMessage.Signal && _signals.Count < MaximumSignals)
                _signals.Enqueue(message);
            if (message.ReplyTo != serial)
                continue;
            if (message.Type == DBusMessage.Error)
            {
                var text = message.Signature.StartsWith('s') ? new DBusReader(message.Body).Text() : message.ErrorName ?? "no reason given";
                throw new DBusException(message.ErrorName ?? "", $"{member}: {text}");
            }

            return message;
        }
    }

    private DBusMessage Receive(long deadline)
    {
        Span<byte> head = stackalloc byte[16];
        ReadExactly(head, deadline);
        if (head[0] != 'l' || head[3] != 1)
            throw new InvalidDataException("D-Bus: not a little-endian message of version 1");
        var bodyLength = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        var fieldLength = BinaryPrimitives.ReadUInt32LittleEndian(head[12..]);
        if (bodyLength > MaximumMessage || fieldLength > MaximumMessage)
            throw new InvalidDataException("D-Bus: a message over 1 MiB");
        // The fields begin at a multiple of 8, and so does what follows them.
        var fields = new byte[(fieldLength + 7) & ~7u];
        ReadExactly(fields, deadline);
        var body = new byte[bodyLength];
        ReadExactly(body, deadline);
        return Parse(head[1], fields.AsSpan(0, (int)fieldLength), body);
    }

    private static DBusMessage Parse(byte type, ReadOnlySpan<byte> fields, byte[] body)
    {
        var message = new DBusMessage(type, 0, null, null, "", body);
        var reader = new DBusReader(fields);
        while (reader.Position < fields.Length)
        {
            reader.Align(8);
            if (reader.Position == fields.Length)
                break;
            var code = reader.Byte();
            if (reader.Variant() is not { } value)
                break; // A field of a later specification: those wanted come before in every implementation.
            message = code switch
            {
                3 => message with { Member = value },
                4 => message with { ErrorName = value },
                5 => message with { ReplyTo = uint.Parse(value, CultureInfo.InvariantCulture) },
                8 => message with { Signature = value },
                _ => message,
            };
        }

        return message;
    }

    private string ReadLine(long deadline)
    {
        var line = new List<byte>();
        Span<byte> next = stackalloc byte[1];
        while (line.Count < MaximumLine)
        {
            ReadExactly(next, deadline);
            if (next[0] == '\n')
                return Encoding.ASCII.GetString([.. line]).TrimEnd('\r');
            line.Add(next[0]);
        }

        throw new InvalidDataException("D-Bus: a line over 512 bytes");
    }

    private void ReadExactly(Span<byte> buffer, long deadline)
    {
        while (!buffer.IsEmpty)
        {
            var left = deadline - Environment.TickCount64;
            if (left <= 0 || Poll.Wait(socket, PollEvents.Read, (int)left) == PollEvents.None)
                throw new IOException($"D-Bus: no answer in {patience.TotalSeconds} seconds");
            var count = Fd.Read(socket, buffer);
            if (count == 0)
                throw new IOException("D-Bus: the other side closed the connection");
            buffer = buffer[Math.Max(count, 0)..];
        }
    }

    private long Deadline() => Environment.TickCount64 + (long)patience.TotalMilliseconds;
}
