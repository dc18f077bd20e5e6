using Vitrine.Engine.Running;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Running;

public sealed class ShimReaperTests
{
    [Fact]
    public void Take_ProcessesThatEnd_LeaveNoZombies()
    {
        var reaper = new ShimReaper();
        var pids = new List<int>();
        foreach (var seconds in new[] { "0", "0.1", "0" })
        {
            var process = Spawn.Start(new SpawnRequest { Program = "/bin/sleep", Arguments = ["sleep", seconds] });
            pids.Add(process.Pid);
            reaper.Take(process);
        }

        Assert.True(SpinWait.SpinUntil(() => !pids.Exists(pid => Directory.Exists($"/proc/{pid}")), TimeSpan.FromSeconds(30)));
    }
}
