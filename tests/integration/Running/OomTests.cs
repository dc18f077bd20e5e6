using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>Memory that runs out is told of when it happens, also where the first process lives on.</summary>
public sealed class OomTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void AChildOutOfMemory_IsAnEventAtOnce()
    {
        Need.CgroupV1();
        box.Ok("run", "-d", "--name", "hungry", "--memory", "16m", "--memory-swap", "16m", "busybox",
            "sh", "-c", "tail /dev/zero; echo over >/tmp/over; exec sleep 1000");

        Eventually.True(() => Oom().Length > 0, "the event comes", 30);
        Assert.Equal("running", box.Inspect("hungry", "{{.State.Status}}"));
        box.Ok("rm", "-f", "hungry");
    }

    private string Oom() => box.Ok("events", "--since", "1h", "--until", "0s", "--filter", "container=hungry", "--filter", "event=oom", "--format", "{{.Action}}");
}
