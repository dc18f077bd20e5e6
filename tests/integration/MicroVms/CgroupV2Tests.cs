using Xunit;

namespace Vitrine.Tests.Integration.MicroVms;

/// <summary>Limits, devices, freezer, killing, statistics and labels where cgroup v2 and AppArmor are real.</summary>
public sealed class CgroupV2Tests
{
    private static readonly MicroVm s_machine = new("cgroups");

    public static TheoryData<string> Checks => MicroVm.Checks("cgroups");

    [Theory]
    [MemberData(nameof(Checks))]
    public void Check_InTheMicroVm_Passes(string name) => s_machine.ShouldHavePassed(name);
}
