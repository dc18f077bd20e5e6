using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Namespaces;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Namespaces;

public sealed class NsRunVerbTests
{
    private static uint Uid => ThisProcess.UserId;

    private static uint Gid => ThisProcess.GroupId;

    [Fact]
    public void Options_OfUnshare_BecomeTheRequest()
    {
        var request = Request("-muinpUCT", "-f", "--mount-proc", "--propagation", "slave", "-R", "/r", "-w", "/w", "-S", "5", "-G", "6",
            "--monotonic", "10", "--boottime=-3", "--kill-child=TERM", "--hostname", "h");

        Assert.Equal(Enum.GetValues<NamespaceKind>().Order(), request.New.Order());
        Assert.True(request.Forks);
        Assert.Equal("/proc", request.ProcMountPoint);
        Assert.Equal(MountFlags.Slave | MountFlags.Recursive, request.Propagation);
        Assert.Equal(("/r", "/w", 5u, 6u), (request.Root, request.WorkingDirectory, request.Uid, request.Gid));
        Assert.Equal((10L, -3L, Signals.SIGTERM, "h"), (request.Monotonic, request.Boottime, request.DeathSignal, request.HostName));
    }

    [Fact]
    public void Command_BehindTheOptions_IsNotRead()
    {
        var verb = new NsRunVerb();

        Assert.Equal(["ls", "-m", "--", "x"], verb.Flags.Parse(["-u", "ls", "-m", "--", "x"]));
        Assert.Equal([NamespaceKind.Uts], verb.Request().New);
    }

    [Theory]
    [InlineData("--mount-proc", NamespaceKind.Mount)]
    [InlineData("--hostname=h", NamespaceKind.Uts)]
    [InlineData("-r", NamespaceKind.User)]
    [InlineData("--map-users=0:0:1", NamespaceKind.User)]
    public void Option_ImpliesItsNamespace(string option, NamespaceKind kind) => Assert.Equal([kind], Request(option).New);

    [Fact]
    public void MapRootUser_MapsTheCallerAndForbidsSetgroups()
    {
        var request = Request("--map-root-user");

        Assert.Equal($"0 {Uid} 1\n", request.UidMap);
        Assert.Equal($"0 {Gid} 1\n", request.GidMap);
        Assert.Equal("deny", request.SetGroups);
    }

    [Fact]
    public void MapCurrentUser_MapsTheCallerToItself() => Assert.Equal($"{Uid} {Uid} 1\n", Request("-c").UidMap);

    [Fact]
    public void MapUser_AloneLeavesGroupsUnmapped()
    {
        var request = Request("--map-user", "7");

        Assert.Equal($"7 {Uid} 1\n", request.UidMap);
        Assert.Equal("", request.GidMap);
        Assert.Null(request.SetGroups);
    }

    [Fact]
    public void Files_KeepTheNamespaces()
    {
        var request = Request("--net=/tmp/n", "--uts", "--fork", "-p=/tmp/p");

        Assert.Equal([new NamespaceFile(NamespaceKind.Network, "/tmp/n"), new NamespaceFile(NamespaceKind.Pid, "/tmp/p")], request.Kept);
        Assert.Contains(NamespaceKind.Uts, request.New);
    }

    [Fact]
    public void Command_WithoutForkEndsWithItsStarter_AndWithForkLivesOn()
    {
        Assert.Equal(Signals.SIGKILL, Request("-u").DeathSignal);
        Assert.Equal(0, Request("-u", "--fork").DeathSignal);
        Assert.Equal(Signals.SIGKILL, Request("-u", "--kill-child").DeathSignal);
    }

    [Theory]
    [InlineData("clocks of a new time namespace", "--monotonic", "1")]
    [InlineData("add --fork", "--pid=/tmp/x")]
    [InlineData("contradict", "-r", "--setgroups", "allow")]
    [InlineData("contradict", "-r", "-c")]
    [InlineData("no signal", "--kill-child=MOON")]
    public void Options_ThatContradictEachOther_AreRefused(string reason, params string[] options) =>
        Assert.Contains(reason, Assert.Throws<VitrineException>(() => Request(options)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--propagation", "often")]
    [InlineData("--setgroups", "perhaps")]
    [InlineData("-S", "root")]
    [InlineData("--map-user", "nobody-of-this-name")]
    public void Value_ThatIsNone_IsRefused(params string[] options) => Assert.Throws<UsageException>(() => Request(options));

    private static NamespaceRequest Request(params string[] options)
    {
        var verb = new NsRunVerb();
        Assert.Empty(verb.Flags.Parse(options));
        return verb.Request();
    }
}
