using Xunit;

namespace Vitrine.Tests.Integration.MicroVms;

/// <summary>The systemd driver against a real systemd, the first process of the microVM.</summary>
public sealed class SystemdTests
{
    private static readonly MicroVm s_machine = new("systemd");

    public static TheoryData<string> Checks => MicroVm.Checks("systemd");

    [Theory]
    [MemberData(nameof(Checks))]
    public void Check_InTheMicroVm_Passes(string name) => s_machine.ShouldHavePassed(name);
}
