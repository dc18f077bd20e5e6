using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime.Cgroups;

public sealed class DeviceRulesTests
{
    [Fact]
    public void WritesV1_Rules_StandBetweenDenyAllAndTheDefaults()
    {
        var writes = Texts(new DeviceRule { Allow = false }, new DeviceRule { Allow = true, Type = "c", Major = 10, Minor = 200, Access = "rw" });

        Assert.Equal(["devices.deny=a", "devices.allow=c 10:200 rw", "devices.allow=c *:* m"], writes[..3]);
        Assert.Contains("devices.allow=c 1:3 rwm", writes);
    }

    [Fact]
    public void WritesV1_AllowAll_IsNotNarrowedByTheDefaults() =>
        Assert.Equal(["devices.allow=a"], Texts(new DeviceRule { Allow = true, Access = "rwm" }));

    [Fact]
    public void WritesV1_AllowAllWhereAllIsAllowed_AsksForNothing() =>
        Assert.Empty(DeviceRules.WritesV1(DeviceRules.Compile([new DeviceRule { Allow = true }]), "a *:* rwm"));

    [Theory]
    [InlineData("x", "rwm")]
    [InlineData("c", "rwx")]
    public void Compile_MalformedRule_IsRefused(string type, string access) =>
        Assert.Throws<VitrineException>(() => DeviceRules.Compile([new DeviceRule { Allow = true, Type = type, Access = access }]));

    [Fact]
    public void Compile_HoleInAWiderRule_IsRefusedAsTheKernelWouldIgnoreIt()
    {
        var error = Assert.Throws<VitrineException>(() => DeviceRules.Compile(
        [
            new DeviceRule { Allow = true, Type = "b", Access = "rw" },
            new DeviceRule { Allow = false, Type = "b", Major = 8, Minor = 0, Access = "w" },
        ]));

        Assert.Contains("\"b 8:0 w\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"b *:* rw\"", error.Message, StringComparison.Ordinal);
    }

    private static List<string> Texts(params DeviceRule[] rules) =>
        [.. DeviceRules.WritesV1(DeviceRules.Compile(rules), null).Select(write => $"{write.File}={write.Value}")];
}
