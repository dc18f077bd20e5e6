using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

public sealed class SeccompCompilerTests
{
    private const uint X64 = 0xC000003E;
    private const uint X86 = 0x40000003;
    private static readonly SeccompAction Eperm = SeccompAction.Fail(Errno.EPERM);
    private static readonly SeccompAction Enosys = SeccompAction.Fail(Errno.ENOSYS);

    [Fact]
    public void Compile_AllowedCall_RunsAndOthersGetTheDefault()
    {
        var filter = Filter(Eperm, new SeccompRule(["read", "openat2"], SeccompAction.Allow));

        Assert.Equal(SeccompAction.Allow, Ask(filter, X64, 0));
        Assert.Equal(Eperm, Ask(filter, X64, 1));
        Assert.Equal(SeccompAction.Allow, Ask(filter, X64, 437));
    }

    [Fact]
    public void Compile_NumberAboveTheNewestNamed_IsEnosys()
    {
        var filter = Filter(Eperm, new SeccompRule(["openat2"], SeccompAction.Allow));

        Assert.Equal(Eperm, Ask(filter, X64, 436));
        Assert.Equal(Enosys, Ask(filter, X64, 438));
        Assert.Equal(Enosys, Ask(filter, X64, 9999));
        Assert.Equal(Enosys, Ask(filter, X64, uint.MaxValue));
    }

    [Fact]
    public void Compile_DefaultAllows_NewerNumbersToo()
    {
        var filter = Filter(SeccompAction.Allow, new SeccompRule(["mount"], Eperm));

        Assert.Equal(Eperm, Ask(filter, X64, 165));
        Assert.Equal(SeccompAction.Allow, Ask(filter, X64, 9999));
    }

    [Fact]
    public void Compile_X32NotListed_IsEnosysEvenWhereTheDefaultAllows()
    {
        var filter = Filter(SeccompAction.Allow, new SeccompRule(["mount"], Eperm));

        Assert.Equal(Enosys, Ask(filter, X64, 0x40000000 | 165));
        Assert.Equal(Enosys, Ask(filter, X64, 0x40000000));
    }

    [Fact]
    public void Compile_ForeignArchitecture_IsKilled()
    {
        var filter = Filter(SeccompAction.Allow);

        Assert.Equal(SeccompAction.KillProcess, Ask(filter, X86, 1));
        Assert.Equal(SeccompAction.KillProcess, Ask(filter, 0, 1));
    }

    [Fact]
    public void Compile_RuleWithoutCondition_WinsOverConditionsBeforeIt()
    {
        var filter = Filter(Eperm,
            new SeccompRule(["read"], SeccompAction.Trap, new ArgumentTest(0, Comparison.Equal, 1)),
            new SeccompRule(["read"], SeccompAction.Allow),
            new SeccompRule(["read"], SeccompAction.KillProcess));

        Assert.Equal(SeccompAction.Allow, Ask(filter, X64, 0, 1));
    }

    [Fact]
    public void Compile_SeveralConditions_TheFirstThatHoldsAnswers()
    {
        var filter = Filter(Eperm,
            new SeccompRule(["read"], SeccompAction.Trap, new ArgumentTest(0, Comparison.Less, 5)),
            new SeccompRule(["read"], SeccompAction.Allow, new ArgumentTest(0, Comparison.Less, 9)));

        Assert.Equal(SeccompAction.Trap, Ask(filter, X64, 0, 4));
        Assert.Equal(SeccompAction.Allow, Ask(filter, X64, 0, 8));
        Assert.Equal(Eperm, Ask(filter, X64, 0, 9));
    }

    [Fact]
    public void Compile_RuleThatRepeatsTheDefault_ShadowsNothing()
    {
        var filter = Filter(Eperm, new SeccompRule(["read"], Eperm),
            new SeccompRule(["read"], SeccompAction.Allow, new ArgumentTest(0, Comparison.Equal, 1)));

        Assert.Equal(SeccompAction.Allow, Ask(filter, X64, 0, 1));
    }

    [Fact]
    public void Compile_ArgumentAbove32Bits_IsComparedWhole()
    {
        var filter = Filter(Eperm, new SeccompRule(["socket"], SeccompAction.Allow, new ArgumentTest(0, Comparison.Equal, 2)));

        Assert.Equal(SeccompAction.Allow, Ask(filter, X64, 41, 2));
        Assert.Equal(Eperm, Ask(filter, X64, 41, 0x1_0000_0002));
    }

    [Fact]
    public void Compile_I386_SocketcallFollowsTheCallsItCarries()
    {
        var filter = Filter(Eperm, [SeccompArchitecture.X64, SeccompArchitecture.X86],
            new SeccompRule(["connect"], SeccompAction.Allow),
            new SeccompRule(["socket"], SeccompAction.Allow, new ArgumentTest(0, Comparison.Equal, 2)));

        Assert.Equal(SeccompAction.Allow, Ask(filter, X86, 102, 3));
        Assert.Equal(Eperm, Ask(filter, X86, 102, 1));
        Assert.Equal(Eperm, Ask(filter, X86, 102, 4));
        Assert.Equal(SeccompAction.Allow, Ask(filter, X86, 359, 2));
    }

    [Fact]
    public void Compile_I386_ConditionalRefusalCoversSocketcallWhole()
    {
        var filter = Filter(SeccompAction.Allow, [SeccompArchitecture.X64, SeccompArchitecture.X86],
            new SeccompRule(["socket"], Eperm, new ArgumentTest(0, Comparison.Equal, 38)));

        Assert.Equal(Eperm, Ask(filter, X86, 102, 1));
        Assert.Equal(SeccompAction.Allow, Ask(filter, X86, 102, 3));
    }

    [Fact]
    public void Compile_I386_IpcNumberIsReadWithoutItsVersion()
    {
        var filter = Filter(SeccompAction.Allow, [SeccompArchitecture.X64, SeccompArchitecture.X86], new SeccompRule(["shmat"], Eperm));

        Assert.Equal(Eperm, Ask(filter, X86, 117, 21));
        Assert.Equal(Eperm, Ask(filter, X86, 117, 0x10015));
    }

    [Fact]
    public void Compile_UnknownName_IsReportedAndSkipped()
    {
        var program = SeccompCompiler.Compile(Filter(Eperm, new SeccompRule(["read", "s390_runtime_instr", "frobnicate"], SeccompAction.Allow)));

        Assert.Equal(["s390_runtime_instr", "frobnicate"], program.UnknownNames);
    }

    [Fact]
    public void Compile_ArgumentSeven_IsRefused() =>
        Assert.Throws<SeccompException>(() =>
            SeccompCompiler.Compile(Filter(Eperm, new SeccompRule(["read"], SeccompAction.Allow, new ArgumentTest(6, Comparison.Equal, 0)))));

    [Fact]
    public void Compile_MoreThanTheKernelTakes_IsRefused()
    {
        var tests = Enumerable.Range(0, 2500).Select(i => new SeccompRule(["read"], i % 2 == 0 ? SeccompAction.Allow : SeccompAction.Trap,
            new ArgumentTest((byte)(i % 6), Comparison.Equal, (ulong)i)));

        var error = Assert.Throws<SeccompException>(() => SeccompCompiler.Compile(Filter(Eperm, [.. tests])));

        Assert.Contains("4096", error.Message);
    }

    [Fact]
    public void Compile_LongJumps_AreBridged()
    {
        // Some 3000 instructions of argument tests lie between the search and its answers.
        var rules = Enumerable.Range(0, 450).Select(i => new SeccompRule([i % 2 == 0 ? "read" : "socket"], SeccompAction.Allow,
            new ArgumentTest((byte)(i % 3), Comparison.Equal, (ulong)i << 20), new ArgumentTest(5, Comparison.Equal, 7)));
        var filter = Filter(Eperm, [.. rules]);
        var interpreter = new BpfInterpreter(SeccompCompiler.Compile(filter).Bytes);
        var evaluator = new RuleEvaluator(filter);

        Assert.InRange(interpreter.Length, 2000, 4096);
        for (var i = 0UL; i < 450; i++)
        {
            foreach (var number in new uint[] { 0, 1, 41, 42 })
            {
                var data = new SeccompData(X64, number, [i << 20, i << 20, i << 20, 0, 0, i % 5 == 0 ? 8u : 7u]);
                Assert.Equal(evaluator.Decide(data).Value, interpreter.Run(data).Result);
            }
        }
    }

    [Fact]
    public void Compile_Flags_AreThoseOfTheFilter() =>
        Assert.Equal(6u, SeccompCompiler.Compile(new SeccompFilter
        {
            DefaultAction = Eperm,
            Rules = [],
            Flags = SeccompFlags.Log | SeccompFlags.SpecAllow,
        }).Flags);

    private static SeccompFilter Filter(SeccompAction defaultAction, params SeccompRule[] rules) =>
        Filter(defaultAction, [SeccompArchitecture.X64], rules);

    private static SeccompFilter Filter(SeccompAction defaultAction, SeccompArchitecture[] architectures, params SeccompRule[] rules) =>
        new() { DefaultAction = defaultAction, Architectures = architectures, Rules = rules };

    private static SeccompAction Ask(SeccompFilter filter, uint architecture, uint number, ulong argument = 0) =>
        new(new BpfInterpreter(SeccompCompiler.Compile(filter).Bytes).Run(new SeccompData(architecture, number, [argument, 0, 0, 0, 0, 0])).Result);
}
