using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Cgroups;
using Vitrine.Insight.Control;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Cgroups;

public sealed class UpdateFlagsTests
{
    private static readonly ControlGroup s_nowhere = new("/x", new Dictionary<CgroupHierarchy, string>());

    [Theory]
    [InlineData("memory.limit_in_bytes", "4096", "--memory=4096")]
    [InlineData("memory.max", "4096", "--memory=4096")]
    [InlineData("memory.memsw.limit_in_bytes", "-1", "--memory-swap=-1")]
    [InlineData("memory.low", "4096", "--memory-reservation=4096")]
    [InlineData("cpu.shares", "512", "--cpu-shares=512")]
    [InlineData("cpu.max", "5000", "--cpu-quota=5000")]
    [InlineData("cpu.max", "max 20000", "--cpu-quota=-1 --cpu-period=20000")]
    [InlineData("cpuset.cpus", "0-1", "--cpuset-cpus=0-1")]
    [InlineData("pids.max", "max", "--pids-limit=-1")]
    [InlineData("io.weight", "default 910", "--blkio-weight=100")]
    public void Take_WhatUpdateHas_IsItsOption(string file, string value, string flags)
    {
        var update = new UpdateFlags(s_nowhere);

        Assert.True(update.Take(new(file, value)));
        Assert.Equal(flags, string.Join(' ', update.Flags));
    }

    [Theory]
    [InlineData("memory.max", "max")]
    [InlineData("memory.low", "0")]
    [InlineData("memory.high", "4096")]
    [InlineData("hugetlb.2MB.max", "4096")]
    public void Take_WhatUpdateHasNot_IsLeft(string file, string value)
    {
        var update = new UpdateFlags(s_nowhere);

        Assert.False(update.Take(new(file, value)));
        Assert.Empty(update.Flags);
    }

    [Fact]
    public void Take_SwapWithALimitThatGoes_IsLeftToo()
    {
        var update = new UpdateFlags(s_nowhere);

        Assert.False(update.Take(new("memory.limit_in_bytes", "-1")));
        Assert.False(update.Take(new("memory.memsw.limit_in_bytes", "-1")));
    }

    [Fact]
    public void Take_SwapOfV2_IsTheSumWithTheNewLimit()
    {
        var update = new UpdateFlags(s_nowhere);

        Assert.True(update.Take(new("memory.max", "4096")));
        Assert.True(update.Take(new("memory.swap.max", "1000")));

        Assert.Contains("--memory-swap=5096", update.Flags);
    }

    [Fact]
    public void Places_AreThoseOfCgroupTools()
    {
        var some = CgroupPlaces.Parse("memory,cpu:/demo");

        Assert.Equal(("/demo", "memory,cpu"), (some.Path, string.Join(',', some.Controllers!)));
        Assert.Null(CgroupPlaces.Parse("*:/demo").Controllers);
        Assert.Throws<FlagValueException>(() => CgroupPlaces.Parse("/demo"));
        Assert.Throws<FlagValueException>(() => CgroupPlaces.Parse("memory:"));
    }
}
