using System.Globalization;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>What a container may not do unless told: looked at from inside, by the kernel's own account.</summary>
public sealed class SafeDefaultsTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    // CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE SYS_CHROOT SETFCAP (linux/capability.h)
    private const ulong DefaultCapabilities =
        1UL << 0 | 1UL << 1 | 1UL << 3 | 1UL << 4 | 1UL << 5 | 1UL << 6 | 1UL << 7 | 1UL << 8 | 1UL << 10 | 1UL << 18 | 1UL << 31;

    private const int NetRaw = 13;
    private const int SysAdmin = 21;

    [Fact]
    public void Capabilities_ByDefault_AreTheEleven()
    {
        var sets = Capabilities();

        Assert.Equal(DefaultCapabilities, sets["CapPrm"]);
        Assert.Equal(DefaultCapabilities, sets["CapEff"]);
        Assert.Equal(DefaultCapabilities, sets["CapBnd"]);
        Assert.Equal(0UL, sets["CapInh"]);
        Assert.Equal(0UL, sets["CapAmb"]);
    }

    [Fact]
    public void Capabilities_AddAndDrop_ChangeTheSet()
    {
        Assert.Equal(DefaultCapabilities | 1UL << NetRaw, Capabilities("--cap-add", "NET_RAW")["CapEff"]);
        Assert.Equal(DefaultCapabilities & ~1UL, Capabilities("--cap-drop", "CAP_CHOWN")["CapEff"]);
        Assert.Equal(1UL << SysAdmin, Capabilities("--cap-drop", "ALL", "--cap-add", "sys_admin")["CapBnd"]);
    }

    [Fact]
    public void Capabilities_OfANonRootUser_AreOnlyBounding()
    {
        var sets = Capabilities("-u", "1000");

        Assert.Equal(0UL, sets["CapEff"]);
        Assert.Equal(0UL, sets["CapPrm"]);
        Assert.Equal(DefaultCapabilities, sets["CapBnd"]);
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1000", "1")]
    public void NoNewPrivileges_ForNonRoot_IsOn(string user, string expected) =>
        Assert.Equal(expected, StatusLine("NoNewPrivs", "-u", user));

    [Fact]
    public void Seccomp_ByDefault_FiltersAndUnconfinedDoesNot()
    {
        Assert.Equal("2", StatusLine("Seccomp"));
        Assert.Equal("0", StatusLine("Seccomp", "--security-opt", "seccomp=unconfined"));
    }

    [Theory]
    [InlineData("unshare", "-r", "true")]
    [InlineData("mount", "-t", "tmpfs", "none", "/tmp")]
    [InlineData("swapoff", "-a", "-v")]
    public void Seccomp_DangerousCalls_AreRefused(params string[] command) =>
        Assert.NotEqual(0, box.Vitrine(["run", "--rm", "busybox", .. command]).ExitCode);

    [Theory]
    [InlineData("/proc/kcore")]
    [InlineData("/proc/keys")]
    [InlineData("/proc/timer_list")]
    public void MaskedPaths_AreEmpty(string path) =>
        Assert.Equal("0", box.Ok("run", "--rm", "busybox", "sh", "-c", $"test ! -e {path} && echo 0 || cat {path} | wc -c").Trim());

    [Theory]
    [InlineData("/proc/sys/kernel/hostname")]
    [InlineData("/proc/sys/vm/overcommit_memory")]
    [InlineData("/sys/kernel/mm/transparent_hugepage/enabled")]
    public void KernelSettings_AreReadOnly(string path) =>
        box.Vitrine("run", "--rm", "busybox", "sh", "-c", $"echo x > {path}").ShouldFail(1, "Read-only file system");

    [Fact]
    public void FileDescriptors_AreOnlyTheThree() =>
        // ls itself opens one more to read the directory.
        Assert.Equal("0 1 2 3", box.Ok("run", "--rm", "busybox", "ls", "/proc/self/fd").ReplaceLineEndings(" "));

    [Fact]
    public void Namespaces_AreAllItsOwn()
    {
        box.Ok("run", "-d", "--name", "spaces", "busybox", "sleep", "60");
        var pid = box.Pid("spaces");

        Assert.All(["mnt", "pid", "net", "ipc", "uts", "cgroup"], kind =>
            Assert.NotEqual(ProcessTable.Namespace(System.Environment.ProcessId, kind), ProcessTable.Namespace(pid, kind)));
    }

    [Fact]
    public void PidsLimit_ByDefault_Is2048()
    {
        Need.CgroupV1();
        var id = box.Ok("run", "-d", "busybox", "sleep", "60");

        Assert.Equal("2048", Cgroups.Read(id, "pids", "pids.max"));
    }

    [Fact]
    public void Signals_AreAllAtTheirDefaults()
    {
        var status = box.Ok("run", "--rm", "busybox", "cat", "/proc/self/status");

        Assert.All(["SigBlk", "SigIgn"], field =>
            Assert.Equal(0UL, ulong.Parse(Field(status, field), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Store_IsReadableByRootAlone()
    {
        Assert.All([box.DataRoot, box.ExecRoot], directory =>
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(directory) & (UnixFileMode.GroupRead | UnixFileMode.GroupExecute
                | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.OtherWrite)));
    }

    [Fact]
    public void Privileged_GivesEverythingBack()
    {
        var status = box.Ok("run", "--rm", "--privileged", "busybox", "sh", "-c", "cat /proc/self/status; test -e /dev/kmsg && echo kmsg");

        Assert.Equal("0", Field(status, "Seccomp"));
        Assert.Equal(ulong.Parse(ProcessTable.Status(System.Environment.ProcessId, "CapBnd"), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ulong.Parse(Field(status, "CapEff"), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Contains("kmsg", status, StringComparison.Ordinal);
    }

    private Dictionary<string, ulong> Capabilities(params string[] flags) =>
        box.Ok(["run", "--rm", .. flags, "busybox", "grep", "^Cap", "/proc/self/status"]).Split('\n')
            .Select(line => line.Split(':'))
            .ToDictionary(parts => parts[0], parts => ulong.Parse(parts[1].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private string StatusLine(string field, params string[] flags) =>
        Field(box.Ok(["run", "--rm", .. flags, "busybox", "cat", "/proc/self/status"]), field);

    private static string Field(string status, string name) =>
        status.Split('\n').First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1].Trim();
}
