using System.Text.Json;
using Vitrine.Insight.Privileges;
using Vitrine.Linux;
using Vitrine.Tests.Unit.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Privileges;

public sealed class ProcessCapabilitiesTests : IDisposable
{
    private const string Status = "Name:\tnginx\nPid:\t7\nUid:\t0\t33\t0\t0\nCapInh:\t0000000000000001\nCapPrm:\t0000000000000003\n"
        + "CapEff:\t0000000000000002\nCapBnd:\t00000000a80425fb\nCapAmb:\t0000020000000000\nNoNewPrivs:\t1\n";

    private readonly FakeProc files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Read_FiveSets_AreEachTheirOwn()
    {
        files.Write("7/status", Status);

        var process = ProcessCapabilities.Read(7, files.ProcFs);

        Assert.Equal([2ul, 3, 1, 0xa80425fb, 1ul << 41], process.Sets.Select(set => set.Set.Bits));
        Assert.Equal(("nginx", 33u, true, null), (process.Command, process.User, process.NoNewPrivileges, process.OwnUserNamespace));
    }

    [Fact]
    public void Read_ProcessGone_IsNotFound() =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<VitrineException>(() => ProcessCapabilities.Read(8, files.ProcFs)).Kind);

    [Fact]
    public void Shown_Json_HasMasksNamesAndWhatDiffersFromDocker()
    {
        files.Write("7/status", Status.Replace("a80425fb", "a8042efb", StringComparison.Ordinal));

        using var json = JsonDocument.Parse(CapabilityJson.Shown(ProcessCapabilities.Read(7, files.ProcFs), "web"));

        var root = json.RootElement;
        Assert.Equal("web", root.GetProperty("container").GetString());
        Assert.Equal("0000000000000002", root.GetProperty("effective").GetProperty("mask").GetString());
        Assert.Equal("CAP_DAC_OVERRIDE", root.GetProperty("effective").GetProperty("names")[0].GetString());
        Assert.Equal("CAP_LINUX_IMMUTABLE,CAP_NET_BROADCAST", string.Join(',', root.GetProperty("beyondDockerDefault").EnumerateArray()));
        Assert.Equal("CAP_SETPCAP", string.Join(',', root.GetProperty("missingOfDockerDefault").EnumerateArray()));
        var last = root.GetProperty("meanings").EnumerateArray().Last();
        Assert.Equal((41, "41", false), (last.GetProperty("bit").GetInt32(), last.GetProperty("name").GetString(), last.GetProperty("known").GetBoolean()));
    }

    [Fact]
    public void Comparison_OfProcesses_IsSetBySet()
    {
        files.Write("7/status", Status).Write("8/status", Status.Replace("CapEff:\t0000000000000002", "CapEff:\t0000000000000001", StringComparison.Ordinal));

        var same = CapabilityComparison.Of(Side(7), Side(7));
        var different = CapabilityComparison.Of(Side(7), Side(8));

        Assert.True(same.IsSame);
        Assert.False(different.IsSame);
        var effective = Assert.Single(different.Sets, set => set.Left != set.Right);
        Assert.Equal(("effective", 2ul, 1ul, 0ul), (effective.Name, effective.OnlyLeft.Bits, effective.OnlyRight.Bits, effective.Both.Bits));
    }

    [Fact]
    public void Comparison_WithASet_IsOfTheCeiling()
    {
        files.Write("7/status", Status);

        Assert.True(CapabilityComparison.Of(Side(7), new CapabilitySide("docker-default", null, CapabilityNames.FindKnown("docker-default")!.Value)).IsSame);
        Assert.False(CapabilityComparison.Of(new CapabilitySide("none", null, CapabilitySet.Empty), Side(7)).IsSame);
    }

    private CapabilitySide Side(int pid) => new($"{pid}", ProcessCapabilities.Read(pid, files.ProcFs), default);
}
