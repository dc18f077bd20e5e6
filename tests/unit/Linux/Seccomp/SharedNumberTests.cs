using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

/// <summary>arm_sync_file_range and sync_file_range2 are two names of one call of arm.</summary>
public sealed class SharedNumberTests
{
    private const uint Arm = 0x40000028;
    private const uint Number = 341;

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(0, 1, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 0, 0)]
    public void Compile_RulesForBothNames_BothHold(ulong first, ulong second, int expected)
    {
        var actions = new[] { SeccompAction.Fail(Errno.EPERM), SeccompAction.Fail(Errno.EIO), SeccompAction.Fail(Errno.EBADF) };
        var filter = new SeccompFilter
        {
            DefaultAction = actions[0],
            Architectures = [SeccompArchitecture.Arm],
            Rules =
            [
                new SeccompRule(["arm_sync_file_range"], actions[1], [new ArgumentTest(0, Comparison.Equal, 1, ulong.MaxValue)]),
                new SeccompRule(["sync_file_range2"], actions[2], [new ArgumentTest(1, Comparison.Equal, 1, ulong.MaxValue)]),
            ],
        };

        var program = new BpfInterpreter(SeccompCompiler.Compile(filter).Bytes);

        Assert.Equal(actions[expected].Value, program.Run(new SeccompData(Arm, Number, [first, second, 0, 0, 0, 0])).Result);
    }

    [Fact]
    public void Compile_ConditionForOneNameAndNoneForTheOther_TheOtherDecidesTheRest()
    {
        var filter = new SeccompFilter
        {
            DefaultAction = SeccompAction.Fail(Errno.EPERM),
            Architectures = [SeccompArchitecture.Arm],
            Rules =
            [
                new SeccompRule(["arm_sync_file_range"], SeccompAction.Fail(Errno.EIO), [new ArgumentTest(0, Comparison.Equal, 1, ulong.MaxValue)]),
                new SeccompRule(["sync_file_range2"], SeccompAction.Allow, []),
            ],
        };

        var program = new BpfInterpreter(SeccompCompiler.Compile(filter).Bytes);

        Assert.Equal(SeccompAction.Fail(Errno.EIO).Value, program.Run(new SeccompData(Arm, Number, [1, 0, 0, 0, 0, 0])).Result);
        Assert.Equal(SeccompAction.Allow.Value, program.Run(new SeccompData(Arm, Number, [2, 0, 0, 0, 0, 0])).Result);
    }
}
