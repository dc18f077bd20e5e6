using Vitrine.Insight;
using Vitrine.Insight.Cgroups;
using Xunit;

namespace Vitrine.Tests.Unit.Insight;

public sealed class OpenFileAndProgramTests
{
    [Fact]
    public void OpenFiles_AreNamedByKind()
    {
        using var host = SampleContainer.Host();
        host.Fd(SampleContainer.Pid, 7, "/var/log/access.log (deleted)").Fd(SampleContainer.Pid, 8, "pipe:[1]").Fd(SampleContainer.Pid, 9, "anon_inode:[eventpoll]");
        host.Proc($"{SampleContainer.Pid}/fdinfo/7", "pos:\t0\nflags:\t0100001\nmnt_id:\t500\n");

        var files = host.Explain(SampleContainer.Pid).OpenFiles.Files;

        Assert.Equal(
            [(6, "socket", null, false), (7, "file", "w", true), (8, "pipe", null, false), (9, "kernel", null, false)],
            files.Select(file => (file.Number, file.Kind, file.Access, file.Deleted)));
        Assert.Equal("/var/log/access.log", files[1].Target);
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(27, true)]
    public void OpenFile_OnAMountThatIsNotTheContainers_LeadsOut(int mount, bool outside)
    {
        using var host = SampleContainer.Host();
        host.Fd(SampleContainer.Pid, 7, "/").Proc($"{SampleContainer.Pid}/fdinfo/7", $"flags:\t010200000\nmnt_id:\t{mount}\n");

        var section = host.Explain(SampleContainer.Pid).OpenFiles;

        Assert.Equal(outside, section.Files.Single(file => file.Number == 7).Outside);
        Assert.Equal(outside, section.Warnings.Any(warning => warning is { Id: "files.outside", Severity: Severity.High }));
    }

    [Fact]
    public void Program_OfAnImage_IsTracedToItsLayer()
    {
        using var host = SampleContainer.Host();
        host.Exe(SampleContainer.Pid, "/usr/sbin/nginx");

        var program = host.Explain(SampleContainer.Pid, SampleContainer.Hints).Processes.Program!;

        Assert.Equal(("/usr/sbin/nginx", "sha256:bbbb3333cccc4444", false), (program.Path, program.Digest, program.WrittenHere));
    }

    [Fact]
    public void Program_OfTheWritableLayer_IsWarnedAbout()
    {
        using var host = SampleContainer.Host();
        host.Exe(SampleContainer.Pid, "/var/log/miner").File("/var/lib/vitrine/containers/web/upper/var/log/miner", "x");

        var processes = host.Explain(SampleContainer.Pid).Processes;

        Assert.True(processes.Program!.WrittenHere);
        Assert.Contains(processes.Warnings, warning => warning.Id == "processes.program-written");
    }

    [Fact]
    public void Program_ThatIsDeleted_SaysSo()
    {
        using var host = SampleContainer.Host();
        host.Exe(SampleContainer.Pid, "/usr/sbin/nginx (deleted)");

        var processes = host.Explain(SampleContainer.Pid).Processes;

        Assert.Equal(("/usr/sbin/nginx", true, null), (processes.Program!.Path, processes.Program.Deleted, processes.Program.Layer));
        Assert.Contains(processes.Warnings, warning => warning.Id == "processes.program-deleted");
    }

    [Theory]
    [InlineData("/usr/bin/bash", "var/lib/dpkg/info/bash.list", "/.\n/bin/bash\n/usr/share/doc\n", "bash")]
    [InlineData("/bin/sh", "var/lib/dpkg/info/dash.list", "/usr/bin/sh\n", "dash")]
    [InlineData("/usr/bin/bas", "var/lib/dpkg/info/bash.list", "/usr/bin/bash\n", null)]
    [InlineData("/bin/busybox", "lib/apk/db/installed", "C:Q1\nP:busybox\nV:1\nF:bin\nR:busybox\nF:etc\nR:x\n\nP:other\nF:usr\nR:y\n", "busybox")]
    public void Program_OfAPackage_IsNamed(string program, string database, string content, string? package)
    {
        using var host = SampleContainer.Host();
        var root = Directory.CreateTempSubdirectory("vitrine-root-").FullName;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, database))!);
            File.WriteAllText(Path.Combine(root, database), content);
            host.Add(new FakeProcess { Pid = 30, Root = root, Namespaces = new() { ["mnt"] = 5 } }).Exe(30, program);

            Assert.Equal(package, host.Explain(30).Processes.Program!.Package);

            // As a chroot is seen from outside of it.
            host.Add(new FakeProcess { Pid = 31, Root = root, Namespaces = new() { ["mnt"] = 5 } }).Exe(31, root + program);
            Assert.Equal(package, host.Explain(31).Processes.Program!.Package);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Pressure_OfTheGroup_IsRead()
    {
        using var host = SampleContainer.Host();
        host.File($"/sys/fs/cgroup/vitrine/{SampleContainer.Id}/cpu.pressure", "some avg10=31.50 avg60=20.00 avg300=1.25 total=123456\nfull avg10=2.00 avg60=0.00 avg300=0.00 total=1\n");
        host.Proc("pressure/io", "some avg10=0.00 avg60=0.00 avg300=0.00 total=7\n");

        var section = host.Explain(SampleContainer.Pid).Cgroups;

        var cpu = Assert.Single(section.Pressure);
        Assert.Equal(("cpu", 31.5, 2.0, 123456L, false), (cpu.Resource, cpu.Some10, cpu.Full10, cpu.TotalMicroseconds, cpu.OfHost));
        Assert.Contains(section.Warnings, warning => warning.Id == "cgroups.cpu-pressure");
    }

    [Fact]
    public void OomHistory_HoldsTheGroupsOwnKills()
    {
        using var host = SampleContainer.Host();
        host.Records =
        [
            "6,1,5000000,-;nothing of interest\n",
            $"6,2,7500000,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=/vitrine/{SampleContainer.Id},task_memcg=/vitrine/{SampleContainer.Id},task=nginx,pid=4720,uid=0\n SUBSYSTEM=x\n",
            "6,3,8000000,-;oom-kill:constraint=CONSTRAINT_NONE,task_memcg=/vitrine/other,task=dd,pid=9,uid=0\n",
        ];

        var kill = Assert.Single(host.Explain(SampleContainer.Pid).Cgroups.OomHistory);

        Assert.Equal((4720, "nginx", 7.5), (kill.Pid, kill.Command, kill.SecondsSinceBoot));
    }

    [Fact]
    public void OomHistory_OfAnotherGroupWhoseNameBeginsAlike_IsNotTheGroups() =>
        Assert.Empty(OomHistory.Of(["6,2,7500000,-;oom-kill:task_memcg=/box2,task=dd,pid=1,uid=0"], "/box"));
}
