using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Files;

/// <summary>cp, diff and export, of running and stopped containers, against containers that mean harm.</summary>
public sealed class CopyTests(BusyboxSandbox sandbox) : IClassFixture<BusyboxSandbox>, IDisposable
{
    private readonly string _files = Directory.CreateDirectory(Path.Combine(sandbox.Files, Guid.NewGuid().ToString("N"))).FullName;
    private readonly List<string> _containers = [];

    public void Dispose()
    {
        if (_containers.Count > 0)
            sandbox.Ok(["rm", "--force", "--volumes", .. _containers]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_GoInAndComeBack_WithModeTimeAndVolumes(bool running)
    {
        var id = Container(running, "--volume", "/data", "--tmpfs", "/mem");
        var tree = Directory.CreateDirectory(Path.Combine(_files, "tree/sub"));
        File.WriteAllText(Path.Combine(tree.FullName, "file"), "content");
        File.SetUnixFileMode(Path.Combine(tree.FullName, "file"), UnixFileMode.UserRead | UnixFileMode.GroupExecute);
        File.CreateSymbolicLink(Path.Combine(tree.FullName, "link"), "file");

        sandbox.Ok("cp", Path.Combine(_files, "tree"), $"{id}:/data");
        sandbox.Ok("cp", $"{Path.Combine(_files, "tree")}/.", $"{id}:/root/new");
        sandbox.Ok("cp", $"{id}:/data/tree/sub", Path.Combine(_files, "back"));

        Assert.Equal("content", File.ReadAllText(Path.Combine(_files, "back/file")));
        Assert.Equal("file", new FileInfo(Path.Combine(_files, "back/link")).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupExecute, File.GetUnixFileMode(Path.Combine(_files, "back/file")));
        Assert.Equal(["new/", "new/sub/", "new/sub/file", "new/sub/link"], Names(id, "/root/new"));
        if (running)
            Assert.Equal("content", sandbox.Ok("exec", id, "cat", "/data/tree/sub/link"));
        Assert.DoesNotContain(sandbox.DataRoot, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_OfTheContainer_EndInside()
    {
        var secret = Path.Combine(_files, "secret");
        File.WriteAllText(secret, "of the host");
        var id = Container(true, "--name", $"links-{Guid.NewGuid():N}");
        sandbox.Ok("exec", id, "sh", "-c", $"mkdir -p /evil && ln -s {_files} /evil/abs && ln -s ../../../../../../..{_files} /evil/rel && ln -s /proc/1/root/.. /evil/magic && ln -s / /evil/root");
        File.WriteAllText(Path.Combine(_files, "payload"), "payload");

        foreach (var link in (string[])["abs", "rel"])
        {
            sandbox.Vitrine("cp", $"{id}:/evil/{link}/secret", "-").ShouldFail(1, "Could not find the file");
            sandbox.Vitrine("cp", "-L", $"{id}:/evil/{link}/secret", "-").ShouldFail(1, "Could not find the file");
            Assert.NotEqual(0, sandbox.Vitrine("cp", Path.Combine(_files, "payload"), $"{id}:/evil/{link}/planted").ExitCode);
        }

        sandbox.Vitrine("cp", Path.Combine(_files, "payload"), $"{id}:/evil/magic/planted");
        sandbox.Ok("cp", Path.Combine(_files, "payload"), $"{id}:/evil/root/planted");

        Assert.Equal("payload", sandbox.Ok("exec", id, "cat", "/planted"));
        Assert.Equal(["payload", "secret"], Directory.GetFileSystemEntries(_files).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Directory_ExchangedForALinkAllTheTime_NeverLeadsOut()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_files, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "file"), "of the host");
        var id = Container(true, "--name", $"race-{Guid.NewGuid():N}");
        sandbox.Ok("exec", id, "sh", "-c", $"mkdir -p /w/dir /w/spare && echo inside > /w/dir/file && ln -s {outside} /w/link");
        sandbox.Ok("exec", "--detach", id, "sh", "-c", "cd /w; while :; do mv -T dir was; mv -T link dir; mv -T dir link; mv -T was dir; done");
        File.WriteAllText(Path.Combine(_files, "payload"), "payload");

        for (var round = 0; round < 15; round++)
        {
            sandbox.Vitrine("cp", Path.Combine(_files, "payload"), $"{id}:/w/dir/planted");
            var read = sandbox.Vitrine("cp", $"{id}:/w/dir/file", "-");
            Assert.DoesNotContain("of the host", read.Stdout, StringComparison.Ordinal);
        }

        Assert.Equal(["file"], Directory.GetFileSystemEntries(outside).Select(Path.GetFileName));
        Assert.Equal("of the host", File.ReadAllText(Path.Combine(outside, "file")));
    }

    [Fact]
    public void Archive_FromStdin_IsExtracted_AndReadOnlyIsRefused()
    {
        var id = Container(true, "--read-only", "--tmpfs", "/tmp");
        File.WriteAllText(Path.Combine(_files, "one"), "1");
        Command.Run("tar", "-C", _files, "-czf", Path.Combine(_files, "a.tgz"), "one").ShouldSucceed();

        Command.Run("sh", ["-c", "\"$0\" cp - \"$1:/tmp\" < \"$2\"", Repository.Binary("vitrine"), id, Path.Combine(_files, "a.tgz")], null, sandbox.Environment, null).ShouldSucceed();

        Assert.Equal("1", sandbox.Ok("exec", id, "cat", "/tmp/one"));
        sandbox.Vitrine("cp", Path.Combine(_files, "one"), $"{id}:/root/one").ShouldFail(1, "read-only");
        sandbox.Vitrine("cp", Path.Combine(_files, "one"), $"{id}:/no/such/place").ShouldFail(1, "Could not find the file /no/such");
        sandbox.Vitrine("cp", Path.Combine(_files, "missing"), $"{id}:/tmp").ShouldFail(1, "no such file or directory");
        sandbox.Vitrine("cp", _files, $"{id}:/tmp/one").ShouldFail(1, "cannot copy directory");
        sandbox.Vitrine("cp", $"{id}:/etc", $"{id}:/tmp").ShouldFail(1, "copying between containers is not supported");
    }

    [Fact]
    public void Diff_TellsWhatTheContainerChanged_AndNothingOfOurs()
    {
        var id = Container(true);
        Assert.Empty(sandbox.Vitrine("diff", id).ShouldSucceed().Lines);

        sandbox.Ok("exec", id, "sh", "-c", "echo x > /root/new; rm /etc/group; echo >> /etc/passwd; rm -r /var/www; mkdir /var/www; touch /var/www/a");

        Assert.Equal(["C /etc", "D /etc/group", "C /etc/passwd", "C /root", "A /root/new", "C /var", "C /var/www", "A /var/www/a"],
            sandbox.Vitrine("diff", id).ShouldSucceed().Lines);
    }

    [Fact]
    public void Export_ThenImport_GivesTheSameFiles()
    {
        var id = Container(true, "--volume", "/data");
        sandbox.Ok("exec", id, "sh", "-c", "echo kept > /root/kept; echo volume > /data/not; rm /etc/group");
        var archive = Path.Combine(_files, "export.tar");

        sandbox.Ok("export", "--output", archive, id);
        sandbox.Ok("import", archive, "exported:latest");

        Assert.Equal("kept", sandbox.Ok("run", "--rm", "exported", "/bin/cat", "/root/kept"));
        var names = Command.Run("tar", "-tf", archive).ShouldSucceed().Lines;
        Assert.Contains("data/", names);
        Assert.DoesNotContain("data/not", names);
        Assert.DoesNotContain("etc/group", names);
        Assert.DoesNotContain(names, name => name.StartsWith("proc/1", StringComparison.Ordinal));
    }

    private string Container(bool running, params IEnumerable<string> options)
    {
        var id = running ? sandbox.Ok(["run", "--detach", .. options, "busybox", "sleep", "1000"]) : sandbox.Ok(["create", .. options, "busybox", "true"]);
        _containers.Add(id);
        return id;
    }

    /// <summary>The names in the archive that cp gives of a path.</summary>
    private string[] Names(string container, string path) => Command.Run(
        "sh", ["-c", "\"$0\" cp \"$1\" - | tar -tf -", Repository.Binary("vitrine"), $"{container}:{path}"], null, sandbox.Environment, null).ShouldSucceed().Lines;
}
