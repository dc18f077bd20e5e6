using Vitrine.Insight.Traffic;
using Vitrine.Secrets;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Traffic;

public sealed class BodyViewTests
{
    private readonly TrafficMask _mask = new(reveal: false);

    [Fact]
    public void View_FramesThatComeInPieces_AreShownByLine()
    {
        var shown = new List<string>();
        var view = new BodyView(_mask, "application/vnd.docker.multiplexed-stream", isStream: true, shown.Add);
        byte[] bytes = [1, 0, 0, 0, 0, 0, 0, 6, .. "one\ntw"u8, 2, 0, 0, 0, 0, 0, 0, 4, .. "err\n"u8];

        foreach (var one in bytes)
            view.Add(new[] { one });
        view.End();

        Assert.Equal(["stdout: one", "stdout: tw", "stderr: err"], shown);
    }

    [Fact]
    public void View_JsonStream_IsShownAsItComes_AndOtherThingsByTheirSize()
    {
        var shown = new List<string>();
        var view = new BodyView(_mask, "application/json", isStream: true, shown.Add);

        view.Add("{\"a\":1}\r\n{\"b\":"u8.ToArray());
        Assert.Equal(["{\"a\":1}"], shown);
        view.Add("2}"u8.ToArray());
        view.End();
        Assert.Equal(["{\"a\":1}", "{\"b\":2}"], shown);

        shown.Clear();
        var tar = new BodyView(_mask, "application/x-tar", isStream: false, shown.Add);
        tar.Add(new byte[2048]);
        tar.End();
        Assert.Equal(["(2 KiB of application/x-tar)"], shown);
    }
}
