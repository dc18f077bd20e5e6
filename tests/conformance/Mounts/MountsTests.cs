using System.Text.Json.Nodes;
using Xunit;

namespace Vitrine.Tests.Conformance.Mounts;

/// <summary>config.md, Mounts; config-linux.md, Masked and Readonly Paths.</summary>
public sealed class MountsTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Tmpfs_HasItsOptions()
    {
        _bundle.AddMount("/tmp", "tmpfs", "tmpfs", "nosuid", "nodev", "noexec", "size=1m", "mode=1770");
        Assert.Equal("drwxrwx--T 1024", _bundle.Say("echo $(ls -ld /tmp | cut -c1-10) $(df -k /tmp | tail -1 | awk '{print $2}')"));
        Assert.Contains("nosuid,nodev,noexec", _bundle.Say("grep ' /tmp ' /proc/mounts"), StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_ReadOnlyAndWritable()
    {
        File.WriteAllText($"{_bundle.Files}/file", "content");
        _bundle.AddMount("/mnt", "bind", _bundle.Files, "bind", "ro");
        _bundle.AddMount("/tmp", "bind", _bundle.Files, "bind", "rw");
        Assert.Equal("content refused written", _bundle.Say(
            "echo $(cat /mnt/file) $(touch /mnt/x 2>/dev/null && echo allowed || echo refused) $(touch /tmp/x && echo written)"));
        Assert.True(File.Exists($"{_bundle.Files}/x"));
    }

    [Fact]
    public void Bind_RecursivelyReadOnly_CoversWhatIsBelow()
    {
        _bundle.OwnRoot();
        _bundle.AddMount("/tmp", "tmpfs", "tmpfs");
        _bundle.AddMount("/mnt", "bind", "/dev/shm", "rbind", "rro");
        Assert.Equal("refused", _bundle.Say("touch /mnt/vitrine-conformance 2>/dev/null && echo allowed || echo refused"));
    }

    [Fact]
    public void Mounts_AreMadeInOrder_AndTheirPointsToo()
    {
        _bundle.OwnRoot();
        _bundle.AddMount("/new/deep", "tmpfs", "tmpfs");
        _bundle.AddMount("/new/deep/er", "tmpfs", "tmpfs", "size=8k");
        File.WriteAllText($"{_bundle.Files}/file", "content");
        _bundle.AddMount("/new/file", "bind", $"{_bundle.Files}/file", "bind");
        Assert.Equal("content /new/deep/er", _bundle.Say("echo $(cat /new/file) $(grep -o '/new/deep/er' /proc/mounts)"));
    }

    [Fact]
    public void MaskedAndReadonlyPaths_AreSo()
    {
        Assert.Equal("0 refused", _bundle.Say(
            "echo $(head -c 1 /proc/kcore | wc -c) $(echo 1 2>/dev/null >/proc/sys/kernel/panic && echo allowed || echo refused)"));
        File.WriteAllText($"{_bundle.OwnRoot()}/secret", "secret");
        _bundle.Spec["linux"]!["maskedPaths"]!.AsArray().Add("/secret");
        _bundle.Spec["linux"]!["maskedPaths"]!.AsArray().Add("/no/such/path");
        _bundle.Spec["linux"]!["maskedPaths"]!.AsArray().Add("/etc");
        Assert.Equal("0 0", _bundle.Say("echo $(cat /secret | wc -c) $(ls /etc | wc -l)"));
    }

    [Fact]
    public void Root_ReadonlyOrNot()
    {
        _bundle.OwnRoot();
        Assert.Equal("written", _bundle.Say("touch /file && echo written"));
        _bundle.Spec["root"]!["readonly"] = true;
        Assert.NotEqual(0, _bundle.RunScript("touch /file2").ExitCode);
        Assert.True(File.Exists($"{_bundle.Path}/rootfs/file"));
    }

    [Fact]
    public void MountPoint_ThatIsALinkInTheRoot_StaysInside()
    {
        var root = _bundle.OwnRoot();
        File.CreateSymbolicLink($"{root}/link", "/../../../../mnt");
        _bundle.AddMount("/link", "tmpfs", "tmpfs");
        Assert.Equal("/mnt", _bundle.Say("grep -o ' /mnt ' /proc/mounts | tr -d ' '"));
    }

    [Fact]
    public void Mount_OfAnUnknownType_FailsAndNamesIt()
    {
        _bundle.AddMount("/mnt", "nosuchfs", "none");
        Assert.Contains("/mnt", _bundle.Create().Stderr, StringComparison.Ordinal);
        Assert.NotEqual(0, _bundle.Runtime("state", _bundle.Id).ExitCode);
    }

    [Fact]
    public void DevicesAndLinks_OfDev_AreThere()
    {
        Assert.Equal("c c c c c c /proc/self/fd /proc/self/fd/0 pts/ptmx", _bundle.Say(
            "echo $(for d in null zero full random urandom tty; do ls -l /dev/$d | cut -c1; done) $(readlink /dev/fd) $(readlink /dev/stdin) $(readlink /dev/ptmx)"));
        _bundle.Spec["linux"]!["devices"] = new JsonArray(new JsonObject
        {
            ["type"] = "c", ["path"] = "/dev/own", ["major"] = 1, ["minor"] = 5, ["fileMode"] = 0x1B0, ["uid"] = 3, ["gid"] = 4,
        });
        Assert.Equal("crw-rw---- 3 4", _bundle.Say("ls -ln /dev/own | awk '{print $1, $3, $4}'"));
    }
}
