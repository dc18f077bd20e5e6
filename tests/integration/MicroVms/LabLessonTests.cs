using Xunit;

namespace Vitrine.Tests.Integration.MicroVms;

/// <summary>Every lesson of <c>vitrine lab</c> where cgroup v2 and AppArmor are real.</summary>
public sealed class LabLessonTests
{
    private static readonly MicroVm s_machine = new("labs", TimeSpan.FromMinutes(27));

    public static TheoryData<string> Checks => MicroVm.Checks("labs");

    [Theory]
    [MemberData(nameof(Checks))]
    public void Check_InTheMicroVm_Passes(string name) => s_machine.ShouldHavePassed(name);
}
