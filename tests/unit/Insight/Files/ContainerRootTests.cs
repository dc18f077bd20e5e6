using System.Text;
using Vitrine.Insight.Files;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Files;

/// <summary>A container's root that is full of ways out, none of which leads out.</summary>
public sealed class ContainerRootTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-root-").FullName;
    private readonly FakeHost _host = new();

    public ContainerRootTests()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "rootfs/etc"));
        File.WriteAllText(Path.Combine(_directory, "outside"), "the host's");
        File.WriteAllText(Path.Combine(_directory, "rootfs/etc/passwd"), "the container's");
        Link("to-etc", "/etc");
        Link("up", "../../../../..");
        Link("out", _directory);
        Link("self", "/proc/self/root");
        Link("loop", "loop");
        _host.Add(new FakeProcess { Pid = 30, Root = Path.Combine(_directory, "rootfs"), Namespaces = new() { ["mnt"] = 5 } });
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/to-etc/passwd")]
    [InlineData("/up/etc/passwd")]
    [InlineData("/../../etc/passwd")]
    [InlineData("etc/./passwd")]
    public void Open_AnyPath_EndsInTheContainer(string path)
    {
        using var root = Open();
        using var file = root.Open(path, OpenFlags.ReadOnly);
        var buffer = new byte[64];

        Assert.Equal("the container's", Encoding.UTF8.GetString(buffer, 0, FileOn.Read(file, buffer)));
    }

    [Theory]
    [InlineData("/out/outside", Errno.ENOENT)]
    [InlineData("/up/outside", Errno.ENOENT)]
    [InlineData("/self/etc/passwd", Errno.ENOENT)]
    [InlineData("/loop", Errno.ELOOP)]
    public void Open_APathOut_FindsNothing(string path, Errno error)
    {
        using var root = Open();

        Assert.Equal(error, root.TryOpen(path, OpenFlags.ReadOnly, out _));
    }

    [Fact]
    public void OpenParent_OfALink_IsTheLinkItself()
    {
        using var root = Open();
        var (directory, name) = root.OpenParent("/out");
        using (directory)
            Assert.Equal((FileKind.Symlink, _directory), (FileWalk.Look(directory, name, "/out")!.Status.Kind, FileWalk.Look(directory, name, "/out")!.Target));
        Assert.Throws<LinuxException>(() => root.OpenParent("/"));
    }

    [Fact]
    public void Walk_NamesHostileFilesHarmlessly_AndFollowsNoLink()
    {
        File.WriteAllText(Path.Combine(_directory, "rootfs/etc/\u001b[2J\nx"), "");
        using var root = Open();
        using var top = root.Open("/", OpenFlags.Directory);
        var found = new List<string>();

        new FileWalk(root.KernelDevices(), item => found.Add(item.Path), (path, error) => Assert.Fail($"{path}: {error}")).Run(top, "/");

        Assert.Equal(["/etc", @"/etc/\x1b[2J\x0ax", "/etc/passwd", "/loop", "/out", "/self", "/to-etc", "/up"], found);
    }

    [Fact]
    public void OfProcess_ThatIsGone_IsNamed() =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<VitrineException>(() => ContainerRoot.OfProcess(31, new ProcFs($"{_host.Root}/proc"))).Kind);

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private ContainerRoot Open() => ContainerRoot.OfProcess(30, new ProcFs($"{_host.Root}/proc"));

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(_directory, "rootfs", name), target);
}
