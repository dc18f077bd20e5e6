using System.Buffers.Binary;
using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Network;
using Xunit;

namespace Vitrine.Tests.Unit.Network;

public sealed class ResolverTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-names-").FullName;
    private readonly List<EndpointState> _endpoints = [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Answer_KnowsNamesAliasesLinksAndAddresses_WithinTheNetworksOfTheAsker()
    {
        Lease("net1", new Lease("c1", "10.0.0.2", "fd00::2", ["web", "www"]));
        Lease("net2", new Lease("c2", "10.1.0.2", "", ["db"]));
        _endpoints.Add(Endpoint("net1") with { Links = new Dictionary<string, string> { ["front"] = "c1" } });

        Assert.Equal("10.0.0.2", Ask("web", DnsQuestion.A));
        Assert.Equal("10.0.0.2", Ask("WWW", DnsQuestion.A));
        Assert.Equal("10.0.0.2", Ask("front", DnsQuestion.A));
        Assert.Equal("10.0.0.2", Ask("web.net1", DnsQuestion.A));
        Assert.Equal("fd00::2", Ask("web", DnsQuestion.Aaaa));
        Assert.Equal("web.net1", Ask("2.0.0.10.in-addr.arpa", DnsQuestion.Pointer));
        Assert.Null(Ask("db", DnsQuestion.A));
        Lease("net2", new Lease("c3", "10.1.0.3", "", ["x"]));
        _endpoints.Add(Endpoint("net2"));
        Assert.Equal("10.1.0.2", Ask("db", DnsQuestion.A));
        Assert.Equal("", Ask("db", DnsQuestion.Aaaa));
    }

    [Fact]
    public void Answer_ToALongList_IsCutAndSaysSo()
    {
        for (var i = 2; i < 102; i++)
            Lease("net1", new Lease($"c{i}", $"10.0.0.{i}", "", ["many"]));
        _endpoints.Add(Endpoint("net1"));
        var query = Query("many", DnsQuestion.A);

        var answer = NewResolver().Answer(query, DnsQuestion.Read(query)!, DnsAnswer.PlainUdpSize)!;

        Assert.True(answer.Length <= 512);
        Assert.Equal(2, answer[2] & 2);
        Assert.True(NewResolver().Answer(query, DnsQuestion.Read(query)!, ushort.MaxValue)![7] == 100);
    }

    [Fact]
    public void MayForward_IsFalseOnlyWhereEveryNetworkIsSealed()
    {
        _endpoints.Add(Endpoint("net1") with { Internal = true });
        Assert.False(NewResolver().MayForward);
        _endpoints.Add(Endpoint("net2"));
        Assert.True(NewResolver().MayForward);
    }

    [Fact]
    public void Read_AnyBytes_NeverFails() => Prop.ForAll<byte[]>(bytes =>
    {
        var question = DnsQuestion.Read(bytes);
        Assert.True(question is null || question.End <= bytes.Length);
        question?.Reversed();
        // Names of short labels, which end within the message or just with it.
        byte[] headed = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. bytes.Select(static one => (byte)(one % 4))];
        DnsQuestion.Read(headed)?.Reversed();
    }).Check(Properties.Config());

    [Fact]
    public void Read_PointersAndSeveralQuestions_AreRefused()
    {
        var query = Query("a", DnsQuestion.A);
        Assert.NotNull(DnsQuestion.Read(query));
        query[12] = 0xc0;
        Assert.Null(DnsQuestion.Read(query));
        query = Query("a", DnsQuestion.A);
        query[5] = 2;
        Assert.Null(DnsQuestion.Read(query));
        query[5] = 1;
        query[2] |= 0x80;
        Assert.Null(DnsQuestion.Read(query));
    }

    private NetworkPaths Paths => new(_directory, _directory);

    private Resolver NewResolver() => new(Paths, () => _endpoints);

    private static EndpointState Endpoint(string network) => new() { NetworkId = network, NetworkName = network, HasNames = true };

    private void Lease(string network, Lease lease) =>
        new Leases(Paths, new NetworkRecord { Name = network, Id = network, Created = "", Driver = "bridge" }).Write(lease);

    private string? Ask(string name, ushort type)
    {
        var query = Query(name, type);
        var question = DnsQuestion.Read(query)!;
        if (NewResolver().Answer(query, question, 512) is not { } answer)
            return null;
        Assert.Equal(query[..2], answer[..2]);
        if (answer[7] == 0)
            return "";
        var data = answer.AsSpan(question.End + 12);
        return type == DnsQuestion.Pointer ? Name(data) : new IPAddress(data[..BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(question.End + 10))]).ToString();
    }

    private static string Name(ReadOnlySpan<byte> labels)
    {
        var name = new StringBuilder();
        for (var at = 0; labels[at] != 0; at += labels[at] + 1)
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(labels.Slice(at + 1, labels[at])));
        return name.ToString();
    }

    private static byte[] Query(string name, ushort type)
    {
        List<byte> query = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        foreach (var label in name.Split('.'))
            query.AddRange([(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]);
        query.AddRange([0, (byte)(type >> 8), (byte)type, 0, 1]);
        return [.. query];
    }
}
