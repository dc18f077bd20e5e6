using FsCheck;
using FsCheck.Fluent;
using Vitrine.Linux.Netlink;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Netlink;

public sealed class NetlinkTests
{
    [Fact]
    public void WrittenMessages_AreReadBack()
    {
        Prop.ForAll<byte[], ushort, string>((value, type, text) =>
        {
            value ??= [];
            text = (text ?? "").Replace("\0", "", StringComparison.Ordinal);
            text = text[..Math.Min(text.Length, 60)];
            value = value[..Math.Min(value.Length, 200)];
            var writer = new NetlinkWriter(new byte[2048]);
            writer.Begin(type, NetlinkFlags.Acknowledge, 7);
            writer.Put(0x01020304u);
            writer.Add(5, value);
            var nest = writer.Open(6);
            writer.Add(1, text);
            writer.AddBig(2, 99);
            writer.Close(nest);
            writer.End();
            writer.Begin(3, 0, 8);
            writer.End();

            var reader = new NetlinkReader(writer.Written);
            Assert.True(reader.Next());
            Assert.Equal((type, 7u), (reader.Type, reader.Sequence));
            var attributes = reader.Payload[4..];
            Assert.Equal(value, AttributeReader.Find(attributes, 5).ToArray());
            var inner = new AttributeReader(AttributeReader.Find(attributes, 6));
            Assert.True(inner.Next());
            Assert.Equal(System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)), inner.Text);
            Assert.True(inner.Next());
            Assert.Equal(99, inner.BigInt);
            Assert.False(inner.Next());
            Assert.True(reader.Next());
            Assert.Equal(3, reader.Type);
            Assert.False(reader.Next());
        }).Check(Properties.Config());
    }

    [Fact]
    public void AnyBytes_AreReadToAnEnd()
    {
        Prop.ForAll<byte[]>(bytes =>
        {
            var reader = new NetlinkReader(bytes);
            var count = 0;
            while (reader.Next())
            {
                count++;
                RouteSocket.ReadLink(reader.Payload);
                RouteSocket.ReadRoute(reader.Payload);
                NftSocket.ReadChain(reader.Payload);
                ConntrackSocket.Read(reader.Payload);
            }
            RouteSocket.ReadLink(bytes);
            RouteSocket.ReadRoute(bytes);
            NftSocket.ReadChain(bytes);
            NftSocket.ReadMap(bytes);
            NftSocket.ReadElements("any4", bytes, []);
            ConntrackSocket.Read(bytes);
            NftSocket.AddRule(0, bytes);
            NftSocket.Drops(bytes);
            NftMonitor.IsOf("vitrine", 0x0a06, bytes);
            Assert.True(count <= bytes.Length / 16);
        }).Check(Properties.Config());
    }

    [Theory]
    [InlineData(0x0a0e, "vitrine-1234", true)]
    [InlineData(0x0a00, "vitrine", true)]
    [InlineData(0x0a0e, "other", false)]
    [InlineData(0x0a0f, "vitrine", false)]
    [InlineData(0x010e, "vitrine", false)]
    public void Monitor_HearsOfItsTablesOnly(ushort type, string table, bool heard)
    {
        var writer = new NetlinkWriter(new byte[64]);
        writer.Put(0u);
        writer.Add(1, table);
        Assert.Equal(heard, NftMonitor.IsOf("vitrine", type, writer.Written));
    }

    [Fact]
    public void RuleSum_IsOfWhatTheRuleSays_NotOfItsHandle()
    {
        Assert.Equal(Sum(1, "forward", 7), Sum(2, "forward", 7));
        Assert.NotEqual(Sum(1, "forward", 7), Sum(1, "forward", 8));
        Assert.NotEqual(Sum(1, "forward", 7), Sum(1, "output", 7));

        static ulong Sum(int handle, string chain, int expression)
        {
            var writer = new NetlinkWriter(new byte[64]);
            writer.Add(2, chain);
            writer.AddBig(3, handle);
            writer.AddBig(4, expression);
            return NftSocket.AddRule(1, writer.Written);
        }
    }

    [Fact]
    public void FullBuffer_IsAnError() => Assert.Throws<InvalidOperationException>(() =>
    {
        var writer = new NetlinkWriter(new byte[24]);
        writer.Begin(1, 0, 1);
        writer.Add(1, new byte[8]);
    });
}
