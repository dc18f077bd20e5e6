using Vitrine.Cli.Parsing;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Xunit;

namespace Vitrine.Tests.Unit.Cli;

/// <summary>Sizes, durations, limits and the like; messages as the docker CLI gives them.</summary>
public sealed class ValueSyntaxTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1b", 1)]
    [InlineData("1k", 1024)]
    [InlineData("1KiB", 1024)]
    [InlineData("1.5g", 1610612736)]
    [InlineData(".5m", 524288)]
    [InlineData("1 k", 1024)]
    [InlineData("1tb", 1099511627776)]
    [InlineData("1e3", 1000)]
    public void ByteSize_Valid_InBytes(string text, long expected) => Assert.Equal(expected, ByteSize.Parse(text));

    [Theory]
    [InlineData("", "invalid size: ''")]
    [InlineData("k", "invalid size: 'k'")]
    [InlineData("-1k", "invalid size: '-1k'")]
    [InlineData("1kk", "invalid suffix: 'kk'")]
    [InlineData("1bb", "invalid suffix: 'bb'")]
    [InlineData("1z", "invalid suffix: 'z'")]
    [InlineData("99999999999p", "invalid size: '99999999999p'")]
    public void ByteSize_Invalid_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<FlagValueException>(() => ByteSize.Parse(text)).Message);

    [Fact]
    public void ByteSize_MinusOne_IsUnlimitedOnlyForSwap()
    {
        Assert.Equal(-1, ByteSize.ParseOrUnlimited("-1"));
        Assert.Throws<FlagValueException>(() => ByteSize.ParseOrUnlimited("-2"));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("300ms", 300_000_000)]
    [InlineData("1h30m", 5_400_000_000_000)]
    [InlineData("1.5s", 1_500_000_000)]
    [InlineData("1.s", 1_000_000_000)]
    [InlineData("-1s", -1_000_000_000)]
    [InlineData("+2us3ns", 2003)]
    public void Duration_Valid_InNanoseconds(string text, long expected) => Assert.Equal(expected, GoDuration.ParseNanoseconds(text));

    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("x", "time: invalid duration \"x\"")]
    [InlineData(".s", "time: invalid duration \".s\"")]
    [InlineData("1x", "time: unknown unit \"x\" in duration \"1x\"")]
    [InlineData("1.5", "time: missing unit in duration \"1.5\"")]
    [InlineData("1h1", "time: missing unit in duration \"1h1\"")]
    [InlineData("999999999h", "time: invalid duration \"999999999h\"")]
    [InlineData("99999999999999999999999999h", "time: invalid duration \"99999999999999999999999999h\"")]
    public void Duration_Invalid_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<FlagValueException>(() => GoDuration.ParseNanoseconds(text)).Message);

    [Theory]
    [InlineData("1.5", 1_500_000_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("1e1", 10_000_000_000)]
    public void Cpus_Valid_InBillionths(string text, long expected) => Assert.Equal(expected, CpuCount.ParseNano(text));

    [Theory]
    [InlineData("", "failed to parse  as a rational number")]
    [InlineData("x", "failed to parse x as a rational number")]
    [InlineData("1.0000000001", "value is too precise")]
    public void Cpus_Invalid_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<FlagValueException>(() => CpuCount.ParseNano(text)).Message);

    [Theory]
    [InlineData("nofile=1024", 1024, 1024)]
    [InlineData("nofile=1:2", 1, 2)]
    [InlineData("nofile=1:-1", 1, -1)]
    [InlineData("core=-1", -1, -1)]
    public void Ulimit_Valid_SoftAndHard(string text, long soft, long hard)
    {
        var limit = UlimitSyntax.Parse(text);
        Assert.Equal((soft, hard), (limit.Soft, limit.Hard));
    }

    [Theory]
    [InlineData("nofile", "invalid ulimit argument: nofile")]
    [InlineData("foo=1", "invalid ulimit type: foo")]
    [InlineData("nofile=", "strconv.ParseInt: parsing \"\": invalid syntax")]
    [InlineData("nofile=2:1", "ulimit soft limit must be less than or equal to hard limit: 2 > 1")]
    [InlineData("nofile=-1:1", "ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: 1")]
    [InlineData("nofile=1:2:3", "too many limit value arguments - 1:2:3, can only have up to two, `soft[:hard]`")]
    public void Ulimit_Invalid_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<FlagValueException>(() => UlimitSyntax.Parse(text)).Message);

    [Theory]
    [InlineData("always", "always", 0)]
    [InlineData("on-failure:3", "on-failure", 3)]
    [InlineData("on-failure:", "on-failure", 0)]
    public void Restart_Valid_PolicyAndCount(string text, string name, int count)
    {
        var policy = RestartSyntax.Parse(text);
        Assert.Equal((name, count), (policy.Name, policy.MaximumRetryCount));
    }

    [Theory]
    [InlineData(":1", "invalid restart policy format: no policy provided before colon")]
    [InlineData("on-failure:x", "invalid restart policy format: maximum retry count must be an integer")]
    public void Restart_Invalid_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<VitrineException>(() => RestartSyntax.Parse(text)).Message);

    [Theory]
    [InlineData("a:10.0.0.1", "a:10.0.0.1")]
    [InlineData("a=::1", "a:::1")]
    [InlineData("a:[::1]", "a:::1")]
    [InlineData("h:host-gateway", "h:host-gateway")]
    public void ExtraHost_Valid_IsKeptWithAColon(string text, string expected) => Assert.Equal(expected, HostSyntax.ParseExtraHost(text));

    [Theory]
    [InlineData("x", "bad format for add-host: \"x\"")]
    [InlineData(":1", "bad format for add-host: \":1\"")]
    [InlineData("a:b", "invalid IP address in add-host: \"b\"")]
    public void ExtraHost_Invalid_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<FlagValueException>(() => HostSyntax.ParseExtraHost(text)).Message);

    [Theory]
    [InlineData("80", "80/tcp")]
    [InlineData("80-82/UDP", "80/udp 81/udp 82/udp")]
    public void Expose_Valid_EveryPort(string text, string expected) => Assert.Equal(expected.Split(' '), PortSyntax.Expand(text));

    [Theory]
    [InlineData("x", "invalid range format for --expose: x, error: strconv.ParseUint: parsing \"x\": invalid syntax")]
    [InlineData("90-80", "invalid range format for --expose: 90-80, error: invalid range specified for port: 90-80")]
    public void Expose_Invalid_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<VitrineException>(() => PortSyntax.Expand(text).ToList()).Message);

    [Theory]
    [InlineData("/dev/fuse", "/dev/fuse", "/dev/fuse", "rwm")]
    [InlineData("/dev/fuse:r", "/dev/fuse", "/dev/fuse", "r")]
    [InlineData("/dev/sda:/dev/xvda", "/dev/sda", "/dev/xvda", "rwm")]
    [InlineData("/dev/sda:/dev/xvda:rw", "/dev/sda", "/dev/xvda", "rw")]
    public void Device_Valid_PathsAndPermissions(string text, string host, string container, string permissions)
    {
        var device = DeviceSyntax.Parse(text);
        Assert.Equal((host, container, permissions), (device.PathOnHost, device.PathInContainer, device.CgroupPermissions));
    }

    [Theory]
    [InlineData("a:b:c:d")]
    [InlineData("a:b:x")]
    [InlineData("")]
    public void Device_Invalid_IsRefused(string text) => Assert.Throws<VitrineException>(() => DeviceSyntax.Parse(text));

    [Theory]
    [InlineData("/dev/x:0", 0)]
    [InlineData("/dev/x:2mb", 2 << 20)]
    public void DeviceRate_Valid_IsBytes(string text, ulong rate)
    {
        var device = DeviceSyntax.ParseBytesRate(text);

        Assert.Equal(("/dev/x", rate), (device.Path, device.Rate));
    }

    [Theory]
    [InlineData("x", "bad format: x")]
    [InlineData("/x:1m", "bad format for device path: /x:1m")]
    [InlineData("/dev/x:q", "invalid rate for device: /dev/x:q. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb")]
    public void DeviceRate_Invalid_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<FlagValueException>(() => DeviceSyntax.ParseBytesRate(text)).Message);

    [Theory]
    [InlineData("./a:/b", true)]
    [InlineData("../a:/b:ro", true)]
    [InlineData(".:/b", true)]
    [InlineData("name:/b", false)]
    [InlineData("/a:/b", false)]
    [InlineData(".hidden:/b", false)]
    public void Volume_RelativeSource_BecomesAbsolute(string volume, bool changes)
    {
        var absolute = VolumeSyntax.MakeAbsolute(volume);
        Assert.Equal(changes, absolute != volume);
        Assert.Equal(volume[volume.IndexOf(':', StringComparison.Ordinal)..], absolute[absolute.IndexOf(':', StringComparison.Ordinal)..]);
    }

    [Theory]
    [InlineData("a:/b:z", true)]
    [InlineData("a:/b:ro,Z", true)]
    [InlineData("a:/b:ro", false)]
    [InlineData("z:/Z", false)]
    public void Volume_Label_IsSeen(string volume, bool expected) => Assert.Equal(expected, VolumeSyntax.AsksForLabel(volume));

    [Theory]
    [InlineData("", "invalid empty volume spec")]
    [InlineData("/a:", "invalid spec: /a:: empty section between colons")]
    [InlineData(":/a", "invalid spec: :/a: empty section between colons")]
    public void Volume_Invalid_SaysWhy(string volume, string expected) =>
        Assert.Equal(expected, Assert.Throws<VitrineException>(() => VolumeSyntax.Check(volume)).Message);

    [Fact]
    public void Variables_BareName_TakesOwnValueOrStaysBare()
    {
        Assert.StartsWith("PATH=/", KeyValues.CompleteVariable("PATH"), StringComparison.Ordinal);
        Assert.Equal("VITRINE_NOT_SET", KeyValues.CompleteVariable("VITRINE_NOT_SET"));
        Assert.Equal("A=", KeyValues.CompleteVariable("A="));
        Assert.Throws<FlagValueException>(() => KeyValues.CompleteVariable("=x"));
    }
}
