using System.Text.Json.Nodes;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Hardening;

/// <summary>What a process has when the container's code takes over: seen from the host, each beside a process that has more.</summary>
public sealed class ConfinementTests
{
    /// <summary>CVE-2024-21626: a descriptor of the host's directories is a way out.</summary>
    [Fact]
    public void Descriptors_AreTheFirstThree()
    {
        using var bundle = new OciBundle();
        var (name, pid) = bundle.Create("sleep", "60");
        bundle.Oci("start", name).ShouldSucceed();
        Eventually.Equal("sleep", () => File.ReadAllText($"/proc/{pid}/comm").Trim(), 20);

        Assert.Equal(["0", "1", "2"], Descriptors(pid));

        // The same look at a process that inherited one more.
        using var leaky = Command.Start("sh", ["-c", "exec 9</ && exec sleep 60"]);
        Eventually.True(() => Descriptors(leaky.Id).Contains("9"), "the leak is seen", 20);
        leaky.Kill();
        leaky.WaitForExit();
    }

    /// <summary>CVE-2024-21626: no descriptor of the runtime's is a working directory.</summary>
    [Fact]
    public void WorkingDirectory_IsInsideOrRefused()
    {
        using var bundle = new OciBundle();
        var outside = Directory.CreateDirectory(Path.Combine(bundle.Directory, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "secret"), "");
        string[] leaky = ["sh", "-c", "exec 9<\"$0\" && exec \"$@\"", outside];

        // Who changes the root only, and then goes to such a directory, is outside.
        string[] naive = ["unshare", "--mount", "--propagation", "private", "sh", "-c",
            $"mount -t proc proc {bundle.InRoot("proc")} && exec chroot {bundle.InRoot("")} sh -c 'cd /proc/self/fd/9 && ls'"];
        Assert.Equal("secret", Command.Run(leaky[0], [.. leaky[1..], .. naive]).ShouldSucceed().Text);

        for (var descriptor = 3; descriptor < 12; descriptor++)
        {
            bundle.Process["cwd"] = $"/proc/self/fd/{descriptor}";
            var result = bundle.Run("ls", leaky);
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains("chdir to cwd", result.Stderr, StringComparison.Ordinal);
        }

        bundle.Process["cwd"] = "/data";
        Assert.Equal("/data", bundle.Run("readlink /proc/self/cwd").ShouldSucceed().Text);
    }

    /// <summary>CVE-2016-9962: a process of the container must not get at one that is still the runtime's.</summary>
    [Fact]
    public void ProcessThatIsNotYetTheContainers_CannotBeTracedFromInside()
    {
        using var bundle = new OciBundle();
        var (name, pid) = bundle.Create("sleep", "60");

        var refused = bundle.Oci("exec", name, "readlink", "-v", "/proc/1/exe");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("Permission denied", refused.Stderr, StringComparison.Ordinal);

        // When it is the container's own program, it may be looked at.
        bundle.Oci("start", name).ShouldSucceed();
        Eventually.Equal("sleep", () => File.ReadAllText($"/proc/{pid}/comm").Trim(), 20);
        Assert.Equal("/bin/busybox", bundle.Oci("exec", name, "readlink", "/proc/1/exe").ShouldSucceed().Text);
    }

    /// <summary>CVE-2022-24769, CVE-2022-29162; and groups of the caller's are the caller's.</summary>
    [Fact]
    public void InheritableCapabilitiesAndGroups_AreNotTheCallers()
    {
        using var bundle = new OciBundle();
        const string look = "grep -E '^(CapInh|Groups):' /proc/self/status";
        string[] caller = ["setpriv", "--inh-caps=+chown,+kill", "--groups=4,20"];

        var callers = Command.Run(caller[0], [.. caller[1..], "sh", "-c", look]).ShouldSucceed().Text;
        Assert.Contains("Groups:\t4 20", callers, StringComparison.Ordinal);
        Assert.Contains("CapInh:\t0000000000000021", callers, StringComparison.Ordinal);

        var containers = bundle.Run(look, caller).ShouldSucceed().Text;
        Assert.Contains("CapInh:\t0000000000000000", containers, StringComparison.Ordinal);
        Assert.DoesNotContain("20", containers.Split("Groups:")[1], StringComparison.Ordinal);

        bundle.Process["user"]!["additionalGids"] = new JsonArray(7, 8);
        Assert.Contains("Groups:\t7 8", bundle.Run(look, caller).ShouldSucceed().Text, StringComparison.Ordinal);
    }

    /// <summary>CVE-2023-25809: root of a user namespace that is the host's root in the host's cgroups may not write to them.</summary>
    [Fact]
    public void CgroupsOfTheHost_AreReadOnlyInAUserNamespace()
    {
        Need.CgroupV1();
        const string write = "mkdir /sys/fs/cgroup/pids/made && echo made";
        using var bundle = new OciBundle();
        var cgroup = $"/sys/fs/cgroup/pids{bundle.Linux["cgroupsPath"]}";
        bundle.Mount("""{"destination": "/sys", "type": "sysfs", "source": "sysfs"}""");
        bundle.Mount("""{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup"}""");

        // Without a user namespace a mount that is not asked to be read-only can be written to.
        Assert.Equal("made", bundle.Run($"{write} && rmdir /sys/fs/cgroup/pids/made").ShouldSucceed().Text);

        // A user namespace alone keeps nobody from it.
        var naive = Command.Run("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", $"mkdir {cgroup}-naive && rmdir {cgroup}-naive && echo made");
        Assert.Equal("made", naive.ShouldSucceed().Text);

        bundle.Linux["namespaces"]!.AsArray().Add(JsonNode.Parse("""{"type": "user"}"""));
        bundle.Linux["uidMappings"] = JsonNode.Parse("""[{"containerID": 0, "hostID": 0, "size": 1}]""");
        bundle.Linux["gidMappings"] = JsonNode.Parse("""[{"containerID": 0, "hostID": 0, "size": 1}]""");
        var result = bundle.Run($"ls -d /sys/fs/cgroup/pids/cgroup.procs; {write}");
        Assert.Contains("/sys/fs/cgroup/pids/cgroup.procs", result.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("made", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", result.Stderr, StringComparison.Ordinal);
    }

    private static string[] Descriptors(int pid) => [.. Directory.GetFileSystemEntries($"/proc/{pid}/fd").Select(path => Path.GetFileName(path)).Order()];
}
