using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Proc;

public sealed class ProcStatTests
{
    private const string Tail = "S 41 42 43 34816 42 4194560 1 2 3 4 150 25 0 0 20 0 7 0 987654 4096000 250 18446744073709551615 0\n";

    [Theory]
    [InlineData("sleep")]
    [InlineData("two words")]
    [InlineData("a) S 1 (b")]
    [InlineData(")")]
    [InlineData("")]
    [InlineData("tab\tnew\nline")]
    public void Parse_AnyName_FindsNameAndFields(string name)
    {
        var stat = ProcStat.Parse(System.Text.Encoding.UTF8.GetBytes($"40 ({name}) {Tail}"))!;

        Assert.Equal(name, stat.Command);
        Assert.Equal((40, 'S', 41, 42, 43), (stat.Pid, stat.State, stat.ParentPid, stat.ProcessGroup, stat.Session));
        Assert.Equal((34816, 150ul, 25ul, 7), (stat.Terminal, stat.UserTime, stat.SystemTime, stat.Threads));
        Assert.Equal((987654ul, 4096000ul, 250L), (stat.StartTime, stat.VirtualSize, stat.ResidentPages));
    }

    [Theory]
    [InlineData("")]
    [InlineData("40 sleep S 1")]
    [InlineData("x (sleep) S 41 42 43 34816 42 4194560 1 2 3 4 150 25 0 0 20 0 7 0 987654 4096000 250")]
    [InlineData("40 (sleep) S 41 42 43")]
    [InlineData(") 40 (")]
    public void Parse_NotAStatLine_IsNull(string text) => Assert.Null(ProcStat.Parse(System.Text.Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData('Z', true)]
    [InlineData('X', true)]
    [InlineData('R', false)]
    public void IsDead_ByState(char state, bool dead) => Assert.Equal(dead, new ProcStat { State = state }.IsDead);
}
