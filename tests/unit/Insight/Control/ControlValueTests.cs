using Vitrine.Insight.Control;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Control;

public sealed class ControlValueTests
{
    private static readonly ControlHost s_host = new(4L << 30, 100_000);

    [Theory]
    [InlineData("memory.max", "100M", "104857600")]
    [InlineData("memory.max", "1.5GiB", "1610612736")]
    [InlineData("memory.max", "64kb", "65536")]
    [InlineData("memory.max", "4096", "4096")]
    [InlineData("memory.max", "50%", "2147483648")]
    [InlineData("memory.max", "-1", "max")]
    [InlineData("memory.limit_in_bytes", "max", "-1")]
    [InlineData("memory.limit_in_bytes", "25%", "1073741824")]
    [InlineData("hugetlb.2MB.max", "4M", "4194304")]
    [InlineData("pids.max", "-1", "max")]
    [InlineData("pids.max", "20", "20")]
    [InlineData("cpu.cfs_quota_us", "50%", "50000")]
    [InlineData("cpu.cfs_quota_us", "max", "-1")]
    [InlineData("cpu.max", "150%", "150000")]
    [InlineData("cpu.max", "50% 20000", "10000 20000")]
    [InlineData("cpu.max", "max 20000", "max 20000")]
    [InlineData("cpu.max", "30000", "30000")]
    [InlineData("blkio.throttle.read_bps_device", "8:0 1M", "8:0 1048576")]
    [InlineData("blkio.throttle.read_bps_device", "8:0 max", "8:0 0")]
    [InlineData("freezer.state", "frozen", "FROZEN")]
    [InlineData("cpuset.cpus", " 0-3 ", "0-3")]
    public void Normalize_WhatPeopleWrite_IsWhatTheFileTakes(string name, string text, string value) =>
        Assert.Equal(value, ControlValue.Normalize(name, text, s_host, out _));

    [Theory]
    [InlineData("memory.max", "lots")]
    [InlineData("memory.max", "")]
    [InlineData("memory.max", "M")]
    [InlineData("memory.max", "-5")]
    [InlineData("memory.max", "0%")]
    [InlineData("memory.max", "99999999999G")]
    [InlineData("pids.max", "10M")]
    [InlineData("pids.max", "50%")]
    [InlineData("cpu.max", "")]
    [InlineData("cpu.max", "1 2 3")]
    [InlineData("cpu.max", "1.5")]
    [InlineData("freezer.state", "cold")]
    [InlineData("memory.current", "5")]
    [InlineData("blkio.throttle.read_bps_device", "5")]
    [InlineData("blkio.throttle.read_bps_device", "/dev/null 5")]
    public void Normalize_Nonsense_IsRefused(string name, string text) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => ControlValue.Normalize(name, text, s_host, out _)).Kind);

    [Fact]
    public void Normalize_Percentages_SayOfWhat()
    {
        ControlValue.Normalize("memory.max", "50%", s_host, out var memory);
        ControlValue.Normalize("cpu.max", "50%", s_host, out var time);

        Assert.Contains("this host's memory, 4 GiB", memory, StringComparison.Ordinal);
        Assert.Contains("one processor: 50000 of every 100000", time, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory.limit_in_bytes", "-1", "9223372036854771712", true)]
    [InlineData("memory.max", "5000", "4096", false)]
    [InlineData("cpu.max", "5000", "5000 100000", true)]
    [InlineData("cpu.max", "5000", "50000 100000", false)]
    [InlineData("freezer.state", "FROZEN", "FREEZING", true)]
    [InlineData("io.weight", "50", "default 50", true)]
    [InlineData("cpuset.cpus", "0,1", "0-1", false)]
    public void IsSame_ComparesInTheFilesForm(string name, string written, string read, bool same) =>
        Assert.Equal(same, ControlWriter.IsSame(name, written, read));
}
