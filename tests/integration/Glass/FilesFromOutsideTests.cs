using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>fs: the files of containers from outside, in one container that has been worked in.</summary>
public sealed class FilesFromOutsideTests : IClassFixture<BusyboxSandbox>, IDisposable
{
    private readonly BusyboxSandbox _box;
    private readonly string _id;

    public FilesFromOutsideTests(BusyboxSandbox box)
    {
        _box = box;
        _id = box.Ok("run", "--detach", "--tmpfs", "/run", "-v", $"{box.Files}:/host-files:ro", "busybox", "sh", "-c",
            "echo hello >/root/greeting; chown 7:8 /root/greeting; chmod 4755 /root/greeting; rm /etc/group; echo x >>/etc/passwd; ln -s /etc/shadow-of-the-host /root/link; echo dropped >/run/dropped; mkfifo /root/fifo; touch /ready; exec sleep 600");
        Eventually.Equal(0, () => box.Vitrine("exec", _id, "test", "-e", "/ready").ExitCode, 60);
    }

    public void Dispose() => _box.Ok("rm", "--force", "--volumes", _id);

    [Fact]
    public void Ls_ShowsWhatIsThere()
    {
        Assert.Equal(["fifo", "greeting", "link"], _box.Ok("fs", "ls", $"{_id}:/root").Split('\n'));
        Assert.Matches(@"^-rwsr-xr-x +1 +7 +8 +6 \d{4}-\d\d-\d\d \d\d:\d\d greeting$", _box.Ok("fs", "ls", "-l", $"{_id}:/root").Split('\n')[1]);
        Assert.EndsWith("link -> /etc/shadow-of-the-host", _box.Ok("fs", "ls", "-l", $"{_id}:/root/link"), StringComparison.Ordinal);
        Assert.Contains("/root/greeting", _box.Ok("fs", "ls", "-R", _id).Split('\n'));
        _box.Vitrine("fs", "ls", $"{_id}:/nowhere").ShouldFail(1, "no such file");
        _box.Vitrine("fs", "ls", "nobody:/").ShouldFail(1, "nobody");
    }

    [Fact]
    public void Cat_PrintsFilesAndNothingElse()
    {
        Assert.Equal("hello", _box.Ok("fs", "cat", $"{_id}:/root/greeting"));
        Assert.Equal("hello", _box.Ok("fs", "cat", $"{_box.Pid(_id)}:/root/greeting"));
        _box.Vitrine("fs", "cat", $"{_id}:/root/fifo").ShouldFail(1, "no regular file");
        _box.Vitrine("fs", "cat", $"{_id}:/root/link").ShouldFail(1, "no such file");
    }

    [Fact]
    public void Find_ByNameTypeAndPermissions()
    {
        Assert.Equal("/root/greeting", _box.Ok("fs", "find", "--setuid", "--user", "7", _id));
        Assert.Equal("/root/fifo", _box.Ok("fs", "find", "--type", "p", "--name", "f*", _id));
        _box.Vitrine("fs", "find", "--name", "no-such-name", _id).ShouldExit(1);
        _box.Vitrine("fs", "find", "--name", "any", "no-such-container").ShouldExit(2);
    }

    [Fact]
    public void Diff_TellsWhatWasDoneToTheImage()
    {
        using var document = JsonDocument.Parse(_box.Ok("fs", "diff", "--json", _id));
        var changes = document.RootElement.GetProperty("changes").EnumerateArray().ToDictionary(change => change.GetProperty("path").GetString()!);

        Assert.Equal("added", changes["/root/greeting"].GetProperty("kind").GetString());
        Assert.Equal((7, "4755"), (changes["/root/greeting"].GetProperty("user").GetInt32(), changes["/root/greeting"].GetProperty("mode").GetString()));
        Assert.Equal("changed", changes["/etc/passwd"].GetProperty("kind").GetString());
        Assert.Equal("deleted", changes["/etc/group"].GetProperty("kind").GetString());
        Assert.Equal(("added", "tmpfs /run"), (changes["/run/dropped"].GetProperty("kind").GetString(), changes["/run/dropped"].GetProperty("where").GetString()));
        Assert.False(changes.ContainsKey("/etc"));
        Assert.Contains("/root/greeting", _box.Ok("fs", "diff", _id), StringComparison.Ordinal);
    }

    [Fact]
    public void Cp_BothWays_KeepsContentAndGivesNoRights()
    {
        var files = _box.Files;
        _box.Ok("fs", "cp", $"{_id}:/root/greeting", $"{files}/out");
        Assert.Equal("hello\n", File.ReadAllText($"{files}/out"));
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode($"{files}/out"));

        File.WriteAllText($"{files}/in", "brought\n");
        _box.Ok("fs", "cp", $"{files}/in", $"{_id}:/root/");
        Assert.Equal("brought", _box.Ok("exec", _id, "cat", "/root/in"));
        Assert.Equal("0:0", _box.Ok("exec", _id, "stat", "-c", "%u:%g", "/root/in"));

        _box.Ok("fs", "cp", $"{_id}:/etc", $"{files}/tree");
        Assert.True(File.Exists($"{files}/tree/passwd"));
        _box.Ok("fs", "cp", $"{files}/tree", $"{_id}:/root/copied");
        Assert.NotEmpty(_box.Ok("exec", _id, "cat", "/root/copied/passwd"));
        _box.Vitrine("fs", "cp", $"{files}/in", $"{files}/other").ShouldFail(1, "CONTAINER:/PATH");
        _box.Vitrine("fs", "cp", $"{_id}:/dev/null", $"{files}/null").ShouldFail(1, "no file, directory or link");
        Assert.DoesNotContain(Directory.GetFileSystemEntries(files), name => name.Contains(".vitrine-fs-", StringComparison.Ordinal));
    }

    [Fact]
    public void Edit_ReplacesTheFile_AndNotOneThatChangedMeanwhile()
    {
        Edit("sed -i s/hello/goodbye/").ShouldSucceed();
        Assert.Equal("goodbye", _box.Ok("exec", _id, "cat", "/root/greeting"));
        Assert.Equal("7:8 4755", _box.Ok("exec", _id, "stat", "-c", "%u:%g %a", "/root/greeting"));

        var meanwhile = Edit($"sh -c 'echo other >/proc/{_box.Pid(_id)}/root/root/greeting; echo mine >$1' sh").ShouldFail(1, "changed while it was edited");
        Assert.Equal("other", _box.Ok("exec", _id, "cat", "/root/greeting"));
        var kept = meanwhile.Stderr.Trim().Split(' ')[^1];
        Assert.Equal("mine\n", File.ReadAllText(kept));
        Directory.Delete(Path.GetDirectoryName(kept)!, recursive: true);
    }

    [Fact]
    public void Stopped_Container_IsReadFromItsLayers()
    {
        var id = _box.Ok("run", "--detach", "busybox", "sh", "-c", "echo left >/root/note; rm /etc/group");
        Eventually.Equal("exited", () => _box.Inspect(id, "{{.State.Status}}"), 60);

        Assert.Equal("left", _box.Ok("fs", "cat", $"{id}:/root/note"));
        Assert.Contains("/root/note", _box.Ok("fs", "diff", id), StringComparison.Ordinal);
        Assert.Contains("/etc/group", _box.Ok("fs", "diff", id), StringComparison.Ordinal);
        _box.Vitrine("fs", "cp", "/etc/hostname", $"{id}:/root/").ShouldFail(1, "use vitrine cp");
        _box.Ok("rm", id);
    }

    private CommandResult Edit(string editor) => Command.Run(Repository.Binary("vitrine"), ["fs", "edit", $"{_id}:/root/greeting"], null,
        new Dictionary<string, string?>(_box.Environment) { ["VISUAL"] = null, ["EDITOR"] = editor }, null);
}
