using FsCheck.Fluent;
using Vitrine.Linux;
using Vitrine.Shim.Networking.Relays;
using Xunit;

namespace Vitrine.Tests.Unit.Shim;

/// <summary>One direction of a relayed connection, between ends that give and take as the test says.</summary>
public sealed class RelayWayTests
{
    private readonly byte[] _buffer = new byte[4];
    private readonly FakeEnd _from = new();
    private readonly FakeEnd _to = new();
    private readonly RelayWay _way;

    public RelayWayTests() => _way = new RelayWay(_from, _to);

    [Fact]
    public void Move_NothingThere_AwaitsData()
    {
        _way.Move(_buffer);
        Assert.Equal(WayState.AwaitsData, _way.State);
        Assert.Empty(_to.Taken);
    }

    [Fact]
    public void Move_ReceiverTakesAll_AwaitsMore()
    {
        _from.Give("0123456789");
        _way.Move(_buffer);
        Assert.Equal("0123456789", _to.Text);
        Assert.Equal(WayState.AwaitsData, _way.State);
        Assert.Empty(_from.Unread);
    }

    [Fact]
    public void Move_ReceiverTakesAPart_LeavesTheRestWithTheSender_UntilThereIsRoom()
    {
        _from.Give("0123456789");
        _to.Room = 6;
        _way.Move(_buffer);
        Assert.Equal(("012345", WayState.AwaitsRoom, 4), (_to.Text, _way.State, _from.Unread.Count));

        _way.Move(_buffer);
        Assert.Equal(("012345", WayState.AwaitsRoom, 4), (_to.Text, _way.State, _from.Unread.Count));

        _to.Room = 100;
        _way.Move(_buffer);
        Assert.Equal(("0123456789", WayState.AwaitsData), (_to.Text, _way.State));
    }

    [Fact]
    public void Move_SenderEnds_TellsTheReceiverAfterTheLastByte_AndOnce()
    {
        _from.Give("01234");
        _from.Ended = true;
        _to.Room = 3;
        _way.Move(_buffer);
        Assert.Equal((WayState.AwaitsRoom, 0), (_way.State, _to.Ends));

        _to.Room = 100;
        _way.Move(_buffer);
        _way.Move(_buffer);
        Assert.Equal(("01234", WayState.Ended, 1), (_to.Text, _way.State, _to.Ends));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Move_OneIsGone_IsBrokenForGood(bool sender, bool receiver)
    {
        _from.Give("01");
        (_from.Gone, _to.Gone) = (sender, receiver);
        _way.Move(_buffer);
        Assert.Equal(WayState.Broken, _way.State);

        (_from.Gone, _to.Gone) = (false, false);
        _way.Move(_buffer);
        Assert.Equal(WayState.Broken, _way.State);
        Assert.Empty(_to.Taken);
    }

    [Fact]
    public void Move_AnEndlessSender_LeavesOthersTheirTurn()
    {
        _from.Give(new string('x', 1000));
        _way.Move(_buffer);
        Assert.Equal(RelayWay.Turns * _buffer.Length, _to.Taken.Count);
        Assert.Equal(WayState.AwaitsData, _way.State);
    }

    [Fact]
    public void Move_HoweverDataAndRoomCome_NothingIsLostOrDoubled() => FsCheck.Check.One(Properties.Config(), Prop.ForAll(
        Gen.Zip(Gen.Choose(0, 9), Gen.Choose(0, 9)).ListOf().ToArbitrary(), steps =>
        {
            var (from, to) = (new FakeEnd(), new FakeEnd { Room = 0 });
            var (way, sent) = (new RelayWay(from, to), "");
            foreach (var (data, room) in steps)
            {
                var more = string.Concat(Enumerable.Range(sent.Length, data).Select(i => (char)('a' + i % 26)));
                (sent, to.Room) = (sent + more, room);
                from.Give(more);
                way.Move(_buffer);
                // What waits for data has none; what waits for room has something.
                if (from.Unread.Count > 0 != (way.State is WayState.AwaitsRoom))
                    return false;
            }
            (from.Ended, to.Room) = (true, int.MaxValue);
            for (var i = 0; i <= sent.Length; i++)
                way.Move(_buffer);
            return to.Text == sent && way.State is WayState.Ended && to.Ends == 1;
        }));

    private sealed class FakeEnd : IRelayEnd
    {
        public List<byte> Unread { get; } = [];

        public List<byte> Taken { get; } = [];

        public string Text => string.Concat(Taken.Select(b => (char)b));

        public int Room { get; set; } = int.MaxValue;

        public bool Ended { get; set; }

        public bool Gone { get; set; }

        public int Ends { get; private set; }

        public void Give(string text) => Unread.AddRange(text.Select(c => (byte)c));

        public int LookAt(Span<byte> buffer)
        {
            if (Gone)
                return InetSocket.Broken;
            if (Unread.Count == 0)
                return Ended ? 0 : InetSocket.NothingNow;
            var count = Math.Min(buffer.Length, Unread.Count);
            Unread[..count].ToArray().CopyTo(buffer);
            return count;
        }

        public void Forget(int count) => Unread.RemoveRange(0, count);

        public int Offer(ReadOnlySpan<byte> bytes)
        {
            if (Gone)
                return InetSocket.Broken;
            if (Room == 0)
                return InetSocket.NothingNow;
            var count = Math.Min(Room, bytes.Length);
            Room -= count;
            Taken.AddRange(bytes[..count]);
            return count;
        }

        public void EndSending() => Ends++;
    }
}
