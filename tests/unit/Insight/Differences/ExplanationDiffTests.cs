using Vitrine.Glass.Explain;
using Vitrine.Insight.Differences;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Differences;

public sealed class ExplanationDiffTests
{
    [Fact]
    public void Compare_WithItself_FindsNothing()
    {
        using var host = SampleContainer.Host();
        var settings = Settings.Of(host.Explain(SampleContainer.Pid));

        Assert.Empty(ExplanationDiff.Compare(settings, Settings.Of(host.Explain(SampleContainer.Pid))));
        Assert.Equal(settings.Count, settings.Select(setting => (setting.Section, setting.Name)).Distinct().Count());
    }

    [Fact]
    public void Compare_WithTheHost_FindsTheWalls()
    {
        using var host = SampleContainer.Host();
        host.File("/sys/fs/cgroup/init.scope/memory.max", "max\n");

        var differences = ExplanationDiff.Compare(Settings.Of(host.Explain(SampleContainer.Pid)), Settings.Of(host.Explain(1)));

        Assert.Contains(new SettingDifference("namespaces", "pid", "isolated", "host"), differences);
        Assert.Contains(new SettingDifference("namespaces", "user", "isolated", "host"), differences);
        Assert.DoesNotContain(differences, difference => difference is { Section: "namespaces", Name: "time" });
        Assert.Contains(new SettingDifference("capabilities", "effective CAP_SYS_ADMIN", null, "has it"), differences);
        Assert.Contains(new SettingDifference("cgroups", "memory", "384 MiB", "no limit"), differences);
    }

    [Fact]
    public void Compare_SecretsOfOneName_ByTheirFingerprints()
    {
        using var host = SampleContainer.Host();
        host.Add(new FakeProcess { Pid = 30, Environment = ["DB_PASSWORD=correct horse"] });
        host.Add(new FakeProcess { Pid = 31, Environment = ["DB_PASSWORD=another horse"] });

        Assert.Empty(ExplanationDiff.Compare(Settings.Of(host.Explain(30)), Settings.Of(host.Explain(30))));
        var difference = Assert.Single(ExplanationDiff.Compare(Settings.Of(host.Explain(30)), Settings.Of(host.Explain(31))));
        Assert.Equal("DB_PASSWORD", difference.Name);
        Assert.DoesNotContain("horse", difference.Here! + difference.There, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_OnlyWhatIsWanted()
    {
        Setting[] here = [new("a", "x", "one", "1"), new("a", "y", "two", "2")];
        Setting[] there = [new("a", "x", "one", "3"), new("a", "x", "more", "4")];

        Assert.Equal(
            [new SettingDifference("a", "one", "1", "3"), new SettingDifference("a", "more", null, "4")],
            ExplanationDiff.Compare(here, there, setting => setting.Group == "x"));
    }

    [Fact]
    public void Changes_BetweenTwoLooks_AreALineEach()
    {
        using var host = SampleContainer.Host();
        var before = host.Explain(SampleContainer.Pid);
        host.File($"/sys/fs/cgroup/vitrine/{SampleContainer.Id}/pids.max", "100\n").File($"/sys/fs/cgroup/vitrine/{SampleContainer.Id}/pids.current", "4\n");
        host.Add(new FakeProcess { Pid = 4900, Parent = SampleContainer.Pid, Command = "sh", Arguments = ["sh", "-c", "curl --password=hunter22"], Cgroup = $"0::/vitrine/{SampleContainer.Id}\n" });

        var changes = Watcher.Changes(before, host.Explain(SampleContainer.Pid)).ToList();

        Assert.Contains("cgroups: pids: 2048 -> 100", changes);
        Assert.Contains("cgroups: tasks: 3 -> 4", changes);
        Assert.Contains(changes, change => change.StartsWith("processes: + process 4900: sh -c", StringComparison.Ordinal));
        Assert.DoesNotContain(changes, change => change.Contains("hunter22", StringComparison.Ordinal));
        Assert.Empty(Watcher.Changes(before, before));
    }
}
