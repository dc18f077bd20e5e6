using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Proc;

public sealed class ProcFsTests : IDisposable
{
    private readonly FakeProc fake = new();

    public void Dispose() => fake.Dispose();

    [Fact]
    public void Processes_ListsNumbersOnly_Ascending()
    {
        fake.Write("12/stat", "").Write("3/stat", "").Write("self/stat", "").Write("uptime", "").Write("9x/stat", "");

        Assert.Equal([3, 12], fake.ProcFs.Processes());
    }

    [Fact]
    public void Readers_OfAProcessThatIsGone_GiveNull()
    {
        fake.Write("1/stat", "");
        var proc = fake.ProcFs;

        Assert.Null(proc.Stat(99));
        Assert.Null(proc.StartTime(99));
        Assert.Null(proc.Status(99));
        Assert.Null(proc.CommandLine(99));
        Assert.Null(proc.Environment(99));
        Assert.Null(proc.Cgroups(99));
        Assert.Null(proc.Mounts(99));
        Assert.Null(proc.Namespace(99, NamespaceKind.Pid));
        Assert.Empty(proc.Namespaces(99));
        Assert.Null(proc.UserMap(99));
        Assert.Null(proc.Limits(99));
        Assert.Null(proc.OpenFiles(99));
        Assert.Null(proc.SecurityLabel(99));
        Assert.Null(proc.Link(99, "root"));
    }

    [Fact]
    public void Read_OfADirectory_ThrowsWithPathAndErrno()
    {
        Directory.CreateDirectory($"{fake.Root}/5/environ");

        var error = Assert.Throws<LinuxException>(() => fake.ProcFs.Environment(5));

        Assert.Equal(Errno.EISDIR, error.Errno);
        Assert.Equal($"{fake.Root}/5/environ", error.Path);
    }

    [Fact]
    public void CommandLine_SplitsAtNul_AndKeepsEmptyArguments()
    {
        fake.Write("5/cmdline", "sh\0-c\0\0echo a b\0").Write("6/cmdline", "");

        Assert.Equal(["sh", "-c", "", "echo a b"], fake.ProcFs.CommandLine(5)!);
        Assert.Empty(fake.ProcFs.CommandLine(6)!);
    }

    [Fact]
    public void Environment_LongerThanOneRead_IsWhole()
    {
        var entries = Enumerable.Range(0, 3000).Select(i => $"NAME_{i}=value").ToList();
        fake.Write("5/environ", string.Join('\0', entries) + "\0");

        Assert.Equal(entries, fake.ProcFs.Environment(5)!);
    }

    [Fact]
    public void Namespaces_KindsTheKernelLacks_AreLeftOut()
    {
        fake.Link("5/ns/pid", "pid:[10]").Link("5/ns/mnt", "mnt:[11]");

        Assert.Equal(
            [new NamespaceId(NamespaceKind.Pid, 10), new NamespaceId(NamespaceKind.Mount, 11)],
            fake.ProcFs.Namespaces(5));
    }

    [Fact]
    public void OpenFiles_ListsNumberAndTarget()
    {
        fake.Link("5/fd/10", "socket:[77]").Link("5/fd/2", "/dev/null");

        Assert.Equal([new OpenFile(2, "/dev/null"), new OpenFile(10, "socket:[77]")], fake.ProcFs.OpenFiles(5)!);
    }

    [Theory]
    [InlineData("docker-default (enforce)\n", "docker-default (enforce)")]
    [InlineData("system_u:system_r:container_t:s0:c1,c2\0", "system_u:system_r:container_t:s0:c1,c2")]
    public void SecurityLabel_LosesItsEnd(string content, string label)
    {
        fake.Write("5/attr/current", content);

        Assert.Equal(label, fake.ProcFs.SecurityLabel(5));
    }

    [Fact]
    public void IsAlive_OtherStartTimeOrZombie_IsFalse()
    {
        const string tail = "1 1 1 0 1 0 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0 0\n";
        fake.Write("5/stat", $"5 (a) S {tail}").Write("6/stat", $"6 (a) Z {tail}");

        Assert.True(fake.ProcFs.IsAlive(5, 77));
        Assert.False(fake.ProcFs.IsAlive(5, 78));
        Assert.False(fake.ProcFs.IsAlive(6, 77));
        Assert.False(fake.ProcFs.IsAlive(7, 77));
    }

    [Fact]
    public void Host_OwnProcess_IsReadWhole()
    {
        var pid = Environment.ProcessId;
        var proc = ProcFs.Host;

        Assert.Contains(pid, proc.Processes());
        Assert.Equal(pid, proc.Stat(pid)!.Pid);
        Assert.Equal(proc.Stat(pid)!.ParentPid, proc.Status(pid)!.ParentPid);
        Assert.NotEmpty(proc.CommandLine(pid)!);
        Assert.Contains(proc.Mounts(pid)!, mount => mount.MountPoint == "/");
        Assert.Contains(proc.Namespaces(pid), id => id.Kind == NamespaceKind.User);
        Assert.NotEmpty(proc.Limits(pid)!);
        Assert.NotEmpty(proc.OpenFiles(pid)!);
        Assert.NotEmpty(proc.Cgroups(pid)!);
        Assert.Contains(pid, proc.Threads(pid)!);
    }
}
