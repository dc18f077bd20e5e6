using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>kill -9 of anything, at any time.</summary>
public sealed class CrashTests
{
    [Fact]
    public void KillingTheCli_LosesNoLogByteAndNoExitCode()
    {
        using var box = new Sandbox("busybox");
        const int count = 20;
        const string script = "for i in $(seq 1 2000); do echo line $i; done; until test -e /gate/open; do sleep 0.1; done; for i in $(seq 2001 4000); do echo line $i; done; exit ";
        var gate = Directory.CreateDirectory(Path.Combine(box.Files, "gate")).FullName;
        var names = Enumerable.Range(0, count).Select(i => $"logger{i}").ToArray();
        var clients = names.Select((name, i) =>
            box.Start("run", "--name", name, "-v", $"{gate}:/gate", "busybox", "sh", "-c", $"{script}{i + 1}")).ToList();
        foreach (var name in names)
            Eventually.Equal("running", () => box.Vitrine("inspect", "--format", "{{.State.Status}}", name).Text, 30);
        var pids = names.Select(box.Pid).ToArray();

        foreach (var client in clients)
            client.Kill();

        foreach (var client in clients)
            client.WaitForExit();
        Assert.Equal(pids, names.Select(box.Pid));
        File.WriteAllText(Path.Combine(gate, "open"), "");
        for (var i = 0; i < count; i++)
        {
            Assert.Equal($"{i + 1}", box.Ok("wait", names[i]));
            Assert.Equal("0", box.Inspect(names[i], "{{.RestartCount}}"));
            Assert.Equal(Enumerable.Range(1, 4000).Select(n => $"line {n}"), box.Ok("logs", names[i]).Split('\n'));
        }
    }

    [Fact]
    public void KillingTheShim_IsRepairedByTheNextCommand()
    {
        using var box = new Sandbox("busybox");
        var id = box.Ok("run", "-d", "--name", "orphan", "busybox", "sleep", "600");
        var pid = box.Pid("orphan");

        Command.Run("kill", "-9", box.ShimPid("orphan").ToString()).ShouldSucceed();

        Eventually.Equal("exited 255", () => box.Inspect("orphan", "{{.State.Status}} {{.State.ExitCode}}"));
        Assert.Contains("shim", box.Inspect("orphan", "{{.State.Error}}"), StringComparison.OrdinalIgnoreCase);
        Eventually.True(() => !Directory.Exists($"/proc/{pid}"), "the process without a shim is gone");
        Assert.Empty(Cgroups.Of(id));
        box.Ok("start", "orphan");
        Assert.Equal("running", box.Inspect("orphan", "{{.State.Status}}"));
    }

    [Fact]
    public void KillingRunAtAnyMoment_LeavesNothingThatStays()
    {
        using var box = new Sandbox("busybox");
        for (var delay = 0; delay < 30; delay++)
        {
            using var client = box.Start("run", "--rm", "--name", $"r{delay}", "busybox", "sleep", "0.2");
            Thread.Sleep(delay);
            client.Kill();
            client.WaitForExit();
        }

        Eventually.Equal("", () => box.Ok("ps", "-q"));
        var left = box.Vitrine("ps", "-aq").Lines;
        if (left.Length > 0)
            box.Ok(["rm", "-f", .. left]);
        box.ShouldBeClean();
    }

    [Fact]
    public void KillingTheShimAtAnyMoment_IsRepaired()
    {
        using var box = new Sandbox("busybox");
        for (var delay = 0; delay < 20; delay++)
        {
            using var client = box.Start("run", "--name", $"s{delay}", "busybox", "sleep", "0.3");
            Thread.Sleep(delay);
            foreach (var line in ProcessTable.WithArgument("vitrine-shim").Where(line => line.Contains(box.DataRoot, StringComparison.Ordinal)))
                Command.Run("kill", "-9", line.Split(' ')[0]);
            Assert.True(client.WaitForExit(10_000), "the client notices that the shim is gone");
        }

        Assert.Equal("", box.Ok("ps", "-q"));
    }

    [Fact]
    public void CtrlC_OfAnAttachedRun_StopsTheContainer()
    {
        using var box = new Sandbox("busybox");
        using var client = box.Start("run", "--rm", "--init", "--name", "interrupted", "busybox", "sleep", "600");
        Eventually.Equal("interrupted", () => box.Ok("ps", "--format", "{{.Names}}"));

        Command.Run("kill", "-INT", client.Id.ToString()).ShouldSucceed();

        Assert.True(client.WaitForExit(10_000));
        Assert.Equal(130, client.ExitCode);
        Assert.Equal("", box.Ok("ps", "-aq"));
    }
}
