using Vitrine.Insight.Syscalls;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Syscalls;

public sealed class FilterStackTests
{
    [Fact]
    public void Ask_SeveralFilters_TheStrictestCountsAndOfEqualOnesTheNewest()
    {
        var allow = Machine(SeccompAction.Allow);
        var busy = Machine(SeccompAction.Fail(Errno.EBUSY));
        var denied = Machine(SeccompAction.Fail(Errno.EACCES));
        var kill = Machine(SeccompAction.KillProcess);
        var thread = Machine(SeccompAction.KillThread);

        Assert.Equal((SeccompAction.Fail(Errno.EBUSY), 1), Ask(allow, busy, denied));
        Assert.Equal((SeccompAction.KillProcess, 2), Ask(busy, thread, kill));
        Assert.Equal((SeccompAction.KillThread, 0), Ask(thread, busy));
        Assert.Equal((SeccompAction.Log, 1), Ask(allow, Machine(SeccompAction.Log)));
        Assert.Equal((SeccompAction.Allow, 0), Ask());
    }

    [Fact]
    public void Groups_TellRefusedConditionalAndAllowedApart()
    {
        var filter = new SeccompFilter
        {
            DefaultAction = SeccompAction.Allow,
            Rules = [new(["mount", "umount2"], SeccompAction.Fail(Errno.EPERM)), new(["socket"], SeccompAction.Fail(Errno.EPERM), new ArgumentTest(0, Comparison.Equal, 38))],
        };
        var stack = new FilterStack([new SeccompMachine(SeccompCompiler.Compile(filter).Bytes)]);

        var groups = stack.Groups().ToDictionary(group => group.Purpose);

        Assert.Equal(["mount", "umount2"], groups["mount"].Blocked);
        Assert.Contains("pivot_root", groups["mount"].Allowed);
        Assert.Equal(["socket"], groups["sockets"].Conditional);
        var (blocked, conditional, all) = stack.Totals();
        Assert.Equal((2, 1), (blocked, conditional));
        Assert.True(all > 300, $"{all} calls");
    }

    [Theory]
    [InlineData("mount", new ulong[0], "a rule for mount")]
    [InlineData("socket", new ulong[] { 38 }, "a rule for socket when argument 0 is 38")]
    [InlineData("socket", new ulong[] { 2 }, "the default, as the condition of the rule that names it is not met")]
    [InlineData("read", new ulong[0], "the default, as no rule names it")]
    public void DecidingRule_IsNamed(string call, ulong[] arguments, string words)
    {
        var filter = new SeccompFilter
        {
            DefaultAction = SeccompAction.Allow, Architectures = [SeccompArchitecture.X64],
            Rules = [new(["mount"], SeccompAction.Fail(Errno.EPERM)), new(["socket"], SeccompAction.KillProcess, new ArgumentTest(0, Comparison.Equal, 38))],
        };
        Assert.True(SyscallTable.TryGetNumber(SeccompArchitecture.X64, SyscallTable.Find(call), out var number));
        var answer = new SeccompMachine(SeccompCompiler.Compile(filter).Bytes).Run(new SeccompCall(SeccompArchitecture.X64.AuditValue(), number, arguments), out _);

        Assert.StartsWith(words, DecidingRule.Describe(filter, SeccompArchitecture.X64, number, arguments, answer), StringComparison.Ordinal);
        Assert.Contains("not in the filter's list", DecidingRule.Describe(filter, SeccompArchitecture.Arm64, number, arguments, answer), StringComparison.Ordinal);
    }

    [Fact]
    public void DecidingRule_OfANewCall_IsItsNumber()
    {
        var filter = new SeccompFilter { DefaultAction = SeccompAction.Fail(Errno.EPERM), Architectures = [SeccompArchitecture.X64], Rules = [new(["read"], SeccompAction.Allow)] };

        Assert.Contains("above all that the filter names", DecidingRule.Describe(filter, SeccompArchitecture.X64, 400, [], SeccompAction.Fail(Errno.ENOSYS)), StringComparison.Ordinal);
    }

    private static (SeccompAction, int) Ask(params SeccompMachine[] machines)
    {
        var answer = new FilterStack(machines).Ask(SeccompArchitectures.Native, "read")!;
        return (answer.Action, answer.Filter);
    }

    private static SeccompMachine Machine(SeccompAction action) =>
        new(SeccompCompiler.Compile(new SeccompFilter { DefaultAction = SeccompAction.Trap, Rules = [new(["read"], action)] }).Bytes);
}
