using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Vitrine.Linux.Systemd;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Systemd;

/// <summary>Against a scripted peer: what is sent must parse by the specification's rules, and whatever is answered must do no harm.</summary>
public sealed class SystemdManagerTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("vitrine-dbus-").FullName, "s");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public async Task Start_Scope_AsksForTheUnitAndWaitsForItsJob()
    {
        var peer = Serve(call => call.Member switch
        {
            // Another's job ends first, and ours before the answer that names it.
            "StartTransientUnit" => [JobRemoved("/other", "failed"), JobRemoved("/job/1", "done"), Reply(call, "o", "/job/1")],
            _ => [Reply(call)],
        });

        using (var manager = SystemdManager.Connect(_path, isBus: false, s_patience))
            manager.Start("box-a.scope", [new("Slice", "a.slice"), new("Delegate", true), new("PIDs", new uint[] { 7 }), new("MemoryMax", 1UL << 40),
                new("AllowedCPUs", new byte[] { 3 }), new("DeviceAllow", new[] { ("/dev/char/1:3", "rwm"), ("char-pts", "rw") })]);

        var calls = await peer.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal(["Subscribe", "StartTransientUnit"], calls.Select(call => call.Member));
        Assert.Equal("ssa(sv)a(sa(sv))", calls[1].Signature);
        Assert.Equal("/org/freedesktop/systemd1", calls[1].Path);
        var body = new Body(calls[1].Body);
        Assert.Equal(("box-a.scope", "replace"), (body.Text(), body.Text()));
        var end = body.ArrayEnd(8);
        Assert.Equal(("Slice", "s", "a.slice"), (body.Structure().Text(), body.Signature(), body.Text()));
        Assert.Equal(("Delegate", "b", 1u), (body.Structure().Text(), body.Signature(), body.UInt32()));
        Assert.Equal(("PIDs", "au", 4u, 7u), (body.Structure().Text(), body.Signature(), body.UInt32(), body.UInt32()));
        Assert.Equal(("MemoryMax", "t", 1UL << 40), (body.Structure().Text(), body.Signature(), body.UInt64()));
        Assert.Equal(("AllowedCPUs", "ay", 1u, 3), (body.Structure().Text(), body.Signature(), body.UInt32(), body.Byte()));
        Assert.Equal(("DeviceAllow", "a(ss)"), (body.Structure().Text(), body.Signature()));
        body.ArrayEnd(8);
        Assert.Equal(("/dev/char/1:3", "rwm", "char-pts", "rw"), (body.Structure().Text(), body.Text(), body.Structure().Text(), body.Text()));
        Assert.Equal(end, body.Position);
        Assert.Equal(body.ArrayEnd(8), body.Position);
        Assert.Equal(calls[1].Body.Length, body.Position);
    }

    [Fact]
    public void Start_JobThatFails_IsAnErrorThatNamesTheUnit()
    {
        Serve(call => call.Member == "StartTransientUnit" ? [Reply(call, "o", "/job/1"), JobRemoved("/job/1", "failed")] : [Reply(call)]);
        using var manager = SystemdManager.Connect(_path, isBus: false, s_patience);

        var error = Assert.Throws<IOException>(() => manager.Start("box-a.scope", []));

        Assert.Contains("could not start box-a.scope: failed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FailedUnitOfThatName_IsForgottenAndStartedAgain()
    {
        var tries = 0;
        var peer = Serve(call => call.Member switch
        {
            "StartTransientUnit" when ++tries == 1 => [Error(call, "org.freedesktop.systemd1.UnitExists", "Unit box-a.scope already exists.")],
            "StartTransientUnit" => [Reply(call, "o", "/job/2"), JobRemoved("/job/2", "done")],
            _ => [Reply(call)],
        });

        using (var manager = SystemdManager.Connect(_path, isBus: false, s_patience))
            manager.Start("box-a.scope", []);

        Assert.Equal(["Subscribe", "StartTransientUnit", "ResetFailedUnit", "StartTransientUnit"], (await peer.WaitAsync(s_patience, TestContext.Current.CancellationToken)).Select(call => call.Member));
    }

    [Fact]
    public async Task Connect_ToABus_SaysHelloAndWatchesForJobs()
    {
        var peer = Serve(call => [Reply(call)]);

        SystemdManager.Connect(_path, isBus: true, s_patience).Dispose();

        var calls = await peer.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal(["Hello", "AddMatch", "Subscribe"], calls.Select(call => call.Member));
        Assert.Contains("member='JobRemoved'", new Body(calls[1].Body).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_NoSuchUnit_IsFine()
    {
        Serve(call => call.Member == "StopUnit" ? [Error(call, "org.freedesktop.systemd1.NoSuchUnit", "Unit x.scope not loaded.")] : [Reply(call)]);
        using var manager = SystemdManager.Connect(_path, isBus: false, s_patience);

        manager.Stop("x.scope");
    }

    [Fact]
    public void SetProperties_Refused_GivesSystemdsReason()
    {
        Serve(call => call.Member == "SetUnitProperties" ? [Error(call, "org.freedesktop.DBus.Error.InvalidArgs", "Cannot set property Foo")] : [Reply(call)]);
        using var manager = SystemdManager.Connect(_path, isBus: false, s_patience);

        var error = Assert.Throws<DBusException>(() => manager.SetProperties("x.scope", [new("Foo", true)]));

        Assert.Equal(("org.freedesktop.DBus.Error.InvalidArgs", "SetUnitProperties: Cannot set property Foo"), (error.Name, error.Message));
    }

    [Fact]
    public void ControlGroup_Variant_IsItsText()
    {
        Serve(call => [call.Member == "Get" ? Message(2, call.Serial, "v", Marshal(body => body.Signature("s").Text("/user.slice/a"))) : Reply(call)]);
        using var manager = SystemdManager.Connect(_path, isBus: false, s_patience);

        Assert.Equal("/user.slice/a", manager.ControlGroup());
    }

    [Theory]
    [InlineData("huge", "over 1 MiB")]
    [InlineData("big-endian", "not a little-endian message")]
    [InlineData("cut", "closed the connection")]
    [InlineData("field", "the message ends too early")]
    [InlineData("silent", "no answer in")]
    public void Connect_PeerThatTalksNonsense_IsRefusedInTime(string how, string reason)
    {
        Serve(call => how switch
        {
            "huge" => [[(byte)'l', 2, 0, 1, 0, 0, 0, 0x7F, 1, 0, 0, 0, 0, 0, 0, 0]],
            "big-endian" => [[(byte)'B', 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]],
            "cut" => [Reply(call)[..20]],
            "field" => [[(byte)'l', 2, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 3, 1, (byte)'s', 0, 0, 0, 0, 0]],
            _ => [],
        }, closes: how == "cut");

        var error = Record.Exception(() => SystemdManager.Connect(_path, isBus: false, how == "silent" ? TimeSpan.FromMilliseconds(200) : s_patience));

        Assert.Contains(reason, error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connect_NoSocket_NamesIt() =>
        Assert.Contains(_path, Assert.Throws<IOException>(() => SystemdManager.Connect(_path, isBus: false, s_patience)).Message, StringComparison.Ordinal);

    private sealed record Call(uint Serial, string Member, string Path, string Signature, byte[] Body);

    /// <summary>Lets one client in and answers each of its calls; gives all calls when the client has gone.</summary>
    private Task<List<Call>> Serve(Func<Call, byte[][]> answer, bool closes = false)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_path));
        listener.Listen();
        return Task.Run(() =>
        {
            using (listener)
            using (var stream = new NetworkStream(listener.Accept(), ownsSocket: true))
            {
                var calls = new List<Call>();
                Assert.Equal(0, stream.ReadByte());
                Assert.StartsWith("AUTH EXTERNAL ", Line(stream), StringComparison.Ordinal);
                stream.Write("OK 0123456789abcdef\r\n"u8);
                Assert.Equal("BEGIN", Line(stream));
                while (Read(stream) is { } call)
                {
                    calls.Add(call);
                    foreach (var message in answer(call))
                        stream.Write(message);
                    if (closes)
                        break;
                }

                return calls;
            }
        });
    }

    private static string Line(Stream stream)
    {
        var line = new StringBuilder();
        for (var next = stream.ReadByte(); next is not ('\n' or -1); next = stream.ReadByte())
            line.Append((char)next);
        return line.ToString().TrimEnd('\r');
    }

    private static Call? Read(Stream stream)
    {
        var head = new byte[16];
        if (stream.ReadAtLeast(head, 16, throwOnEndOfStream: false) < 16)
            return null;
        var fields = new byte[(BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12)) + 7) / 8 * 8];
        stream.ReadExactly(fields);
        var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4))];
        stream.ReadExactly(body);
        var call = new Call(BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8)), "", "", "", body);
        var reader = new Body(fields);
        while (reader.Position < BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12)))
        {
            var code = reader.Structure().Byte();
            var value = reader.Signature() == "g" ? reader.Signature() : reader.Text();
            call = code switch { 1 => call with { Path = value }, 3 => call with { Member = value }, 8 => call with { Signature = value }, _ => call };
        }

        return call;
    }

    private static byte[] Reply(Call call, string signature = "", string text = "") =>
        Message(2, call.Serial, signature, signature.Length == 0 ? [] : Marshal(body => body.Text(text)));

    private static byte[] Error(Call call, string name, string text) => Message(3, call.Serial, "s", Marshal(body => body.Text(text)), error: name);

    private static byte[] JobRemoved(string job, string result) =>
        Message(4, null, "uoss", Marshal(body => body.UInt32(1).Text(job).Text("a.scope").Text(result)), member: "JobRemoved");

    private static byte[] Message(byte type, uint? reply, string signature, byte[] body, string? error = null, string? member = null)
    {
        var fields = Marshal(list =>
        {
            if (member is not null)
                list.Align(8).Byte(3).Signature("s").Text(member);
            if (error is not null)
                list.Align(8).Byte(4).Signature("s").Text(error);
            if (reply is { } serial)
                list.Align(8).Byte(5).Signature("u").UInt32(serial);
            if (signature.Length > 0)
                list.Align(8).Byte(8).Signature("g").Signature(signature);
        });
        return Marshal(message => message.Byte((byte)'l').Byte(type).Byte(0).Byte(1).UInt32((uint)body.Length).UInt32(99)
            .UInt32((uint)fields.Length).Raw(fields).Align(8).Raw(body));
    }

    private static byte[] Marshal(Action<Writer> write)
    {
        var writer = new Writer();
        write(writer);
        return [.. writer.Bytes];
    }

    /// <summary>The specification's marshalling once more, by hand.</summary>
    private sealed class Writer
    {
        public List<byte> Bytes { get; } = [];

        public Writer Align(int size)
        {
            while (Bytes.Count % size != 0)
                Bytes.Add(0);
            return this;
        }

        public Writer Byte(byte value) => Raw([value]);

        public Writer UInt32(uint value) => Align(4).Raw(BitConverter.GetBytes(value));

        public Writer Text(string value) => UInt32((uint)value.Length).Raw(Encoding.UTF8.GetBytes(value)).Byte(0);

        public Writer Signature(string value) => Byte((byte)value.Length).Raw(Encoding.UTF8.GetBytes(value)).Byte(0);

        public Writer Raw(byte[] bytes)
        {
            Bytes.AddRange(bytes);
            return this;
        }
    }

    private sealed class Body(byte[] bytes)
    {
        public int Position { get; private set; }

        public Body Structure() => Align(8);

        public byte Byte() => bytes[Position++];

        public uint UInt32()
        {
            Align(4);
            Position += 4;
            return BitConverter.ToUInt32(bytes, Position - 4);
        }

        public ulong UInt64()
        {
            Align(8);
            Position += 8;
            return BitConverter.ToUInt64(bytes, Position - 8);
        }

        public string Text() => Take((int)UInt32());

        public string Signature() => Take(Byte());

        /// <summary>Where an array ends whose elements begin at multiples of <paramref name="alignment"/>.</summary>
        public int ArrayEnd(int alignment)
        {
            var length = (int)UInt32();
            Align(alignment);
            return Position + length;
        }

        private Body Align(int size)
        {
            Position = (Position + size - 1) / size * size;
            return this;
        }

        private string Take(int length)
        {
            Position += length + 1;
            Assert.Equal(0, bytes[Position - 1]);
            return Encoding.UTF8.GetString(bytes, Position - 1 - length, length);
        }
    }
}
