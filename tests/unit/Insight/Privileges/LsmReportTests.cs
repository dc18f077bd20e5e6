using System.Text.Json;
using Vitrine.Glass.Explain;
using Vitrine.Glass.Lsm;
using Vitrine.Insight.Privileges;
using Vitrine.Tests.Unit.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Privileges;

public sealed class LsmReportTests : IDisposable
{
    private readonly FakeProc files = new();

    public LsmReportTests() => files.Write("7/status", "Name:\tnginx\nPid:\t7\nNoNewPrivs:\t1\n");

    private string Root => files.Beside("").TrimEnd('/');

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("docker-default (enforce)", "docker-default", "enforce", true, true)]
    [InlineData("docker-default (complain)", "docker-default", "complain", true, false)]
    [InlineData("a b//&docker-default (enforce)", "a b//&docker-default", "enforce", true, true)]
    [InlineData("gone (enforce)", "gone", "enforce", false, false)]
    [InlineData("unconfined", "unconfined", "unconfined", null, false)]
    public void Read_AppArmor_HasProfileModeAndWhetherItIsLoaded(string current, string label, string mode, bool? loaded, bool confined)
    {
        files.Write("7/attr/current", current + "\n").WriteBeside("sys/kernel/security/lsm", "lockdown,capability,yama,apparmor")
            .WriteBeside("sys/kernel/security/apparmor/profiles", "docker-default (enforce)\na b (complain)\n");

        var report = LsmReport.Read(7, files.ProcFs, Root);

        Assert.Equal(("apparmor", label, mode, loaded, confined), (report.Module, report.Label, report.Mode, report.ProfileLoaded, report.IsConfined));
        Assert.Equal(["lockdown", "capability", "yama", "apparmor"], report.Modules!);
    }

    [Theory]
    [InlineData("1", "enforce", true)]
    [InlineData("0", "permissive", false)]
    public void Read_SELinux_IsAsTheWholeHostIs(string enforce, string mode, bool confined)
    {
        files.Write("7/attr/current", "system_u:system_r:container_t:s0:c1,c2\0").WriteBeside("sys/kernel/security/lsm", "selinux").WriteBeside("sys/fs/selinux/enforce", enforce);

        var report = LsmReport.Read(7, files.ProcFs, Root);

        Assert.Equal(("selinux", mode, confined), (report.Module, report.Mode, report.IsConfined));
    }

    [Fact]
    public void Read_OtherModules_AreTold()
    {
        files.Write("sys/kernel/yama/ptrace_scope", "2\n").WriteBeside("sys/kernel/security/lockdown", "none [integrity] confidentiality\n").WriteBeside("sys/kernel/security/lsm", "landlock,yama\n");

        var report = LsmReport.Read(7, files.ProcFs, Root);

        Assert.Equal((2, "integrity", null, false), (report.PtraceScope, report.Lockdown, report.Module, report.IsConfined));
        var output = new StringWriter();
        LsmShowVerb.Write(new Paper(output, new ExplainStyle()), report);
        Assert.Contains("Only root may trace.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Not even root may change the kernel.", output.ToString(), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.Equal("landlock", json.RootElement.GetProperty("modules")[0].GetString());
    }

    [Fact]
    public void Read_NoSuchProcess_IsNotFound() =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<VitrineException>(() => LsmReport.Read(8, files.ProcFs, Root)).Kind);
}
