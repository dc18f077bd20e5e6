using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Namespaces;

/// <summary>config-linux.md, Namespaces: made, joined by path, or the host's.</summary>
public sealed class NamespacesTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Namespaces_ThatAreListed_AreNotTheHosts()
    {
        _bundle.StartSleeper();
        foreach (var kind in (string[])["pid", "net", "ipc", "uts", "mnt", "cgroup"])
            Assert.NotEqual(ProcessTable.Namespace(Environment.ProcessId, kind), ProcessTable.Namespace(_bundle.Pid, kind));
        Assert.Equal(ProcessTable.Namespace(Environment.ProcessId, "user"), ProcessTable.Namespace(_bundle.Pid, "user"));
    }

    [Fact]
    public void Namespace_ByPath_IsJoined()
    {
        using var other = new Bundle();
        other.StartSleeper();
        foreach (var item in _bundle.Spec["linux"]!["namespaces"]!.AsArray())
        {
            if ((string)item!["type"]! is "network" or "ipc")
                item["path"] = $"/proc/{other.Pid}/ns/{((string)item["type"]! == "ipc" ? "ipc" : "net")}";
        }
        _bundle.StartSleeper();
        Assert.Equal(ProcessTable.Namespace(other.Pid, "net"), ProcessTable.Namespace(_bundle.Pid, "net"));
        Assert.Equal(ProcessTable.Namespace(other.Pid, "ipc"), ProcessTable.Namespace(_bundle.Pid, "ipc"));
        Assert.NotEqual(ProcessTable.Namespace(other.Pid, "uts"), ProcessTable.Namespace(_bundle.Pid, "uts"));
    }

    [Fact]
    public void MountNamespace_ByPath_BecomesTheContainers()
    {
        // exec: the process that lives in the namespace is unshare's own.
        using var resident = System.Diagnostics.Process.Start("unshare", ["--mount", "--propagation", "private", "sleep", "1000"]);
        try
        {
            Eventually.True(() => Path.GetFileName(File.ResolveLinkTarget($"/proc/{resident.Id}/exe", false)?.FullName) is "sleep" or "coreutils" or "busybox",
                "sleep runs in a mount namespace of its own");
            var path = $"/proc/{resident.Id}/ns/mnt";
            _bundle.Spec["linux"]!["namespaces"]!.AsArray().Single(item => (string)item!["type"]! == "mount")!["path"] = path;
            _bundle.StartSleeper();

            Assert.Equal(ProcessTable.Namespace(resident.Id, "mnt"), ProcessTable.Namespace(_bundle.Pid, "mnt"));
            Assert.Equal("conformance", _bundle.Ok("exec", _bundle.Id, "hostname").Trim());
            // Who lived there finds the container's root in place of the one before.
            var root = $"/proc/{resident.Id}/root";
            Assert.True(File.Exists($"{root}/bin/busybox"));
            Assert.False(Directory.Exists($"{root}/usr"));
        }
        finally
        {
            resident.Kill();
            resident.WaitForExit();
        }
    }

    [Fact]
    public void PidNamespace_FirstProcessIsOne_AndHostnameIsItsOwn()
    {
        Assert.Equal("1 conformance", _bundle.Say("echo $$ $(hostname)"));
        Assert.NotEqual("conformance", File.ReadAllText("/proc/sys/kernel/hostname").Trim());
    }

    [Fact]
    public void UserNamespace_MapsItsRootToAnotherUser()
    {
        _bundle.OwnRoot();
        Command.Run("chown", "-R", "100000:100000", $"{_bundle.Path}/rootfs").ShouldSucceed();
        Command.Run("chmod", "755", _bundle.Path).ShouldSucceed();
        _bundle.Spec["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
        foreach (var name in (string[])["uidMappings", "gidMappings"])
            _bundle.Spec["linux"]![name] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 1000 });
        Assert.Equal("0 100000", _bundle.Say("echo $(id -u) $(awk '{print $2}' /proc/self/uid_map)"));
    }
}
