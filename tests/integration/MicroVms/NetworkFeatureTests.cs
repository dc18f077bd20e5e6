using Xunit;

namespace Vitrine.Tests.Integration.MicroVms;

/// <summary>SCTP ports, NFS volumes and macvlan on a kernel that has them.</summary>
public sealed class NetworkFeatureTests
{
    private static readonly MicroVm s_machine = new("networks");

    public static TheoryData<string> Checks => MicroVm.Checks("networks");

    [Theory]
    [MemberData(nameof(Checks))]
    public void Check_InTheMicroVm_Passes(string name) => s_machine.ShouldHavePassed(name);
}
