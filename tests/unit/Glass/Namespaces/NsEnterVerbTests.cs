using System.Globalization;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Namespaces;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Namespaces;

/// <summary>Against a /proc with this process and a target, pid 42.</summary>
public sealed class NsEnterVerbTests : IDisposable
{
    private const int Target = 42;

    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    public NsEnterVerbTests()
    {
        Process(Environment.ProcessId, userInode: 1);
        Process(Target, userInode: 2);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void NothingNamed_IsEverythingOfTheTarget()
    {
        var request = Request();

        Assert.Equal(8, request.Joined.Count);
        Assert.Equal(("/proc/42/root", "/proc/42/cwd"), (request.Root, request.WorkingDirectory));
        Assert.Equal((Target, 7ul, true, 0), (request.Target, request.TargetStart, request.Forks, request.DeathSignal));
        Assert.Equal((0u, 0u, true), (request.Uid, request.Gid, request.ClearsGroups));
    }

    [Fact]
    public void All_LeavesRootAndDirectoryToTheKernel()
    {
        var request = Request("--all");

        Assert.Equal(8, request.Joined.Count);
        Assert.Null(request.Root);
        Assert.Null(request.WorkingDirectory);
    }

    [Fact]
    public void All_OfTheOwnUserNamespace_LeavesThatOut()
    {
        Process(Target, userInode: 1);

        var request = Request("--all");

        Assert.DoesNotContain(NamespaceKind.User, request.Joined);
        Assert.Null(request.Uid);
        Assert.False(request.ClearsGroups);
    }

    [Fact]
    public void Kinds_AreThoseNamed()
    {
        var request = Request("-n", "--uts=/tmp/u", "-S", "5");

        Assert.Equal([NamespaceKind.Network], request.Joined);
        Assert.Equal([new NamespaceFile(NamespaceKind.Uts, "/tmp/u")], request.JoinedFiles);
        Assert.Equal((5u, null, false, Signals.SIGKILL), (request.Uid, request.Gid, request.Forks, request.DeathSignal));
    }

    [Fact]
    public void Pid_ForksUnlessForbidden()
    {
        Assert.True(Request("-p").Forks);
        Assert.False(Request("-p", "-F").Forks);
    }

    [Fact]
    public void PreserveCredentials_ChangesNobody()
    {
        var request = Request("-U", "--preserve-credentials");

        Assert.Null(request.Uid);
        Assert.Null(request.Gid);
        Assert.False(request.ClearsGroups);
    }

    [Theory]
    [InlineData("web -n -- ls -n", "web ls -n")]
    [InlineData("web -n ls -n", "web ls -n")]
    [InlineData("-n web ls -n", "web ls -n")]
    [InlineData("-t web -n ls -n", "ls -n")]
    [InlineData("--net=/f ls -n", "ls -n")]
    [InlineData("--net=/f -u web ls -n", "web ls -n")]
    public void CommandLine_IsTargetThenOptionsThenCommand(string line, string arguments)
    {
        var verb = new NsEnterVerb();

        Assert.Equal(arguments.Split(' '), verb.Flags.Parse(line.Split(' ')));
    }

    [Fact]
    public void FollowContext_IsRefusedWithTheReason() =>
        Assert.Contains("runcon", Assert.Throws<UsageException>(() => Request("-Z")).Message, StringComparison.Ordinal);

    [Fact]
    public void Target_ThatIsGone_IsNamed()
    {
        Directory.Delete(Path.Combine(_directory, $"{Target}"), recursive: true);

        Assert.Contains("No such process: 42", Assert.Throws<VitrineException>(() => Request("-n")).Message, StringComparison.Ordinal);
    }

    private NamespaceRequest Request(params string[] options)
    {
        var verb = new NsEnterVerb();
        Assert.Equal(["web"], verb.Flags.Parse(["web", .. options]));
        return verb.Request(new ProcFs(_directory), Target);
    }

    private void Process(int pid, int userInode)
    {
        var directory = Path.Combine(_directory, pid.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(Path.Combine(directory, "ns"));
        File.WriteAllText(Path.Combine(directory, "stat"), $"{pid} (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
        foreach (var kind in NamespaceId.Kinds)
        {
            var link = Path.Combine(directory, "ns", NamespaceId.FileName(kind));
            File.Delete(link);
            File.CreateSymbolicLink(link, $"{NamespaceId.FileName(kind)}:[{(kind == NamespaceKind.User ? userInode : pid)}]");
        }
    }
}
