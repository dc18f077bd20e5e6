using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>The capability verbs, against the kernel and against libcap's tool.</summary>
public sealed class CapsTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    // Names are looked for on the whole host.
    private readonly string name = $"caps-{Guid.NewGuid():n}";

    [Fact]
    public void Decode_EveryBitAndRandomMasks_IsAsCapshSays()
    {
        Need.Program("capsh", "capsh");
        var random = new Random(20261130);
        string[] masks = [.. Enumerable.Range(0, 64).Select(bit => $"{1ul << bit:x16}"), .. Enumerable.Range(0, 200).Select(_ => $"{(ulong)random.NextInt64():x16}"), "0"];

        var ours = Command.Run(Repository.Binary("vitrine-glass"), ["caps", "decode", "-q", .. masks]).ShouldSucceed().Lines;
        var theirs = Command.Run(Need.FindProgram("capsh")!, masks.Select(mask => $"--decode={mask}")).ShouldSucceed().Lines;

        Assert.Equal(theirs, ours);
    }

    [Fact]
    public void Show_Container_IsWhatTheKernelHas()
    {
        box.Ok("run", "-d", "--name", name, "--cap-add", "NET_ADMIN", "--security-opt", "no-new-privileges", "busybox", "sleep", "600");
        var pid = box.Pid(name);

        using var json = JsonDocument.Parse(box.Ok("caps", "show", "--json", name));

        var root = json.RootElement;
        Assert.Equal(pid, root.GetProperty("pid").GetInt32());
        Assert.True(root.GetProperty("noNewPrivileges").GetBoolean());
        foreach (var (field, name) in new[] { ("CapEff", "effective"), ("CapPrm", "permitted"), ("CapInh", "inheritable"), ("CapBnd", "bounding"), ("CapAmb", "ambient") })
            Assert.Equal(ProcessTable.Status(pid, field), root.GetProperty(name).GetProperty("mask").GetString());
        Assert.Contains("beyond it: NET_ADMIN", box.Ok("caps", "show", pid.ToString()), StringComparison.Ordinal);
        box.Vitrine("caps", "diff", name, "default").ShouldExit(1);
        box.Vitrine("caps", "diff", name, "+net_admin,default").ShouldExit(0);
        box.Vitrine("caps", "diff", "-q", name, pid.ToString()).ShouldExit(0);
        box.Vitrine("caps", "diff", name, "1").ShouldExit(1);
    }

    [Fact]
    public void Wrong_IsNamed()
    {
        box.Vitrine("caps", "show", "nobody").ShouldFail(1, "nobody");
        box.Vitrine("caps", "decode", "CAP_FLY").ShouldFail(1, "CAP_FLY");
        box.Vitrine("caps", "diff", "default", "nobody").ShouldFail(2, "nobody");
    }
}
