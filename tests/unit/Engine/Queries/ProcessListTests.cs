using Vitrine.Engine.Queries;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Queries;

public sealed class ProcessListTests
{
    [Fact]
    public void Parse_FullFormat_KeepsTheContainersProcessesAndTheirCommandLines()
    {
        const string Output = """
            UID          PID    PPID  C STIME TTY          TIME CMD
            root           1       0  0 10:00 ?        00:00:01 /sbin/init splash
            root          42       1  0 10:01 pts/0    00:00:00 sh -c sleep 10
            """;

        var top = ProcessList.Parse(Output, new HashSet<int> { 42 });

        Assert.Equal(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"], top.Titles);
        Assert.Equal(["root", "42", "1", "0", "10:01", "pts/0", "00:00:00", "sh -c sleep 10"], Assert.Single(top.Processes));
    }

    [Fact]
    public void Parse_NoPidColumn_IsRefused()
    {
        var error = Assert.Throws<VitrineException>(() => ProcessList.Parse("USER CMD\nroot x\n", new HashSet<int>()));

        Assert.Equal("Couldn't find PID field in ps output", error.Message);
    }
}
