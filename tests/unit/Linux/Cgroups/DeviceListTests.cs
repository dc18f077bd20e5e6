using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Cgroups;

public sealed class DeviceListTests
{
    private static readonly DevicePermission s_null = new(true, DeviceKind.Character, 1, 3, DeviceAccess.Read);

    [Fact]
    public void Apply_SameDeviceTwice_JoinsTheAccess() => Assert.Equal(
        ["a", "c 1:3 rw"], Texts(s_null, s_null with { Access = DeviceAccess.Write }));

    [Fact]
    public void Apply_OppositeRule_TakesTheAccessBack()
    {
        Assert.Equal(["a", "c 1:3 w"], Texts(s_null with { Access = DeviceAccess.Read | DeviceAccess.Write }, s_null with { Allow = false }));
        Assert.Equal(["a"], Texts(s_null, s_null with { Allow = false, Access = DeviceAccess.All }));
    }

    [Fact]
    public void Apply_Everything_ForgetsTheExceptions()
    {
        var list = List(s_null, DevicePermission.Everything(true), s_null);

        Assert.True(list.AllowsByDefault);
        Assert.Single(list.Rules);
    }

    [Fact]
    public void Apply_DenyAfterAllowAll_IsAnExceptionThatDenies() =>
        Assert.Equal([DevicePermission.Everything(true), s_null with { Allow = false }],
            List(DevicePermission.Everything(true), s_null with { Allow = false }).Rules);

    [Fact]
    public void Apply_HoleInWiderException_GivesThatBack()
    {
        var wide = s_null with { Minor = null, Access = DeviceAccess.All };
        var list = List(wide);

        Assert.Equal(wide, list.Apply(s_null with { Allow = false }));
        Assert.Equal(2, list.Rules.Count);
    }

    private static DeviceList List(params DevicePermission[] rules)
    {
        var list = new DeviceList();
        foreach (var rule in rules)
            Assert.Null(list.Apply(rule));
        return list;
    }

    private static List<string> Texts(params DevicePermission[] rules) => [.. List(rules).Rules.Select(rule => rule.ToString())];
}
