using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Vitrine.Oci.Runtime;
using Vitrine.Filters;
using Xunit;

namespace Vitrine.Tests.Unit.Filters;

public sealed class SeccompSectionTests
{
    [Theory]
    [InlineData("SCMP_ACT_ALLOW", 0x7FFF0000)]
    [InlineData("SCMP_ACT_LOG", 0x7FFC0000)]
    [InlineData("SCMP_ACT_ERRNO", 0x00050001)]
    [InlineData("SCMP_ACT_TRACE", 0x7FF00001)]
    [InlineData("SCMP_ACT_TRAP", 0x00030000)]
    [InlineData("SCMP_ACT_KILL", 0)]
    [InlineData("SCMP_ACT_KILL_THREAD", 0)]
    [InlineData("SCMP_ACT_KILL_PROCESS", 0x80000000)]
    public void ToFilter_Action_IsTheKernelsValue(string name, uint value) =>
        Assert.Equal(value, SeccompSection.ToFilter(new Seccomp { DefaultAction = name }).DefaultAction.Value);

    [Fact]
    public void ToFilter_ErrnoRet_IsTheErrno()
    {
        var filter = SeccompSection.ToFilter(new Seccomp { DefaultAction = "SCMP_ACT_ERRNO", DefaultErrnoRet = 38 });

        Assert.Equal(Errno.ENOSYS, filter.DefaultAction.Errno);
    }

    [Theory]
    [InlineData("SCMP_CMP_NE", Comparison.NotEqual)]
    [InlineData("SCMP_CMP_LT", Comparison.Less)]
    [InlineData("SCMP_CMP_LE", Comparison.LessOrEqual)]
    [InlineData("SCMP_CMP_EQ", Comparison.Equal)]
    [InlineData("SCMP_CMP_GE", Comparison.GreaterOrEqual)]
    [InlineData("SCMP_CMP_GT", Comparison.Greater)]
    public void ToFilter_Comparison_IsMapped(string op, Comparison expected)
    {
        var test = Assert.Single(Rules(Argument(1, op, 7))).Tests[0];

        Assert.Equal(new ArgumentTest(1, expected, 7), test);
    }

    [Fact]
    public void ToFilter_MaskedEqual_HasTheMaskInValueAndTheValueInValueTwo()
    {
        var test = Assert.Single(Rules(Argument(0, "SCMP_CMP_MASKED_EQ", 0xF0, 0x10))).Tests[0];

        Assert.Equal(new ArgumentTest(0, Comparison.MaskedEqual, 0x10, 0xF0), test);
    }

    [Fact]
    public void ToFilter_TestsOfDifferentArguments_HoldTogether() =>
        Assert.Equal(2, Assert.Single(Rules(Argument(0, "SCMP_CMP_EQ", 1), Argument(1, "SCMP_CMP_EQ", 2))).Tests.Length);

    [Fact]
    public void ToFilter_TestsOfOneArgument_AreAlternatives()
    {
        var rules = Rules(Argument(0, "SCMP_CMP_EQ", 1), Argument(0, "SCMP_CMP_EQ", 2), Argument(1, "SCMP_CMP_EQ", 3));

        Assert.Equal(3, rules.Count);
        Assert.All(rules, rule => Assert.Single(rule.Tests));
    }

    [Fact]
    public void ToFilter_NoFlags_IsSpecAllow()
    {
        Assert.Equal(SeccompFlags.SpecAllow, SeccompSection.ToFilter(new Seccomp { DefaultAction = "SCMP_ACT_ALLOW" }).Flags);
        Assert.Equal(SeccompFlags.None, SeccompSection.ToFilter(new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", Flags = [] }).Flags);
    }

    [Fact]
    public void ToFilter_ForeignArchitectures_AreLeftOut() =>
        Assert.Equal([SeccompArchitecture.X64], SeccompSection.ToFilter(new Seccomp
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Architectures = ["SCMP_ARCH_MIPS", "SCMP_ARCH_X86_64"],
        }).Architectures);

    public static TheoryData<Seccomp> Malformed =>
    [
        new Seccomp { DefaultAction = "SCMP_ACT_NONE" },
        new Seccomp { DefaultAction = "" },
        new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", DefaultErrnoRet = 1 },
        new Seccomp { DefaultAction = "SCMP_ACT_ERRNO", DefaultErrnoRet = 70000 },
        new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", Architectures = ["x86"] },
        new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", Architectures = ["SCMP_ARCH_MIPS"] },
        new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", Flags = ["SECCOMP_FILTER_FLAG_FLY"] },
        new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", Syscalls = [Rule(Argument(6, "SCMP_CMP_EQ", 0))] },
        new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", Syscalls = [Rule(Argument(uint.MaxValue, "SCMP_CMP_EQ", 0))] },
        new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", Syscalls = [Rule(Argument(0, "EQ", 0))] },
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Compile_MalformedSection_IsRefused(Seccomp section) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => SeccompSection.Compile(section)).Kind);

    [Theory]
    [InlineData("SCMP_ACT_NOTIFY", "mkdir", null, "needs listenerPath")]
    [InlineData("SCMP_ACT_ALLOW", "mkdir", null, "needs listenerPath")]
    public void Compile_NotifyThatCannotWork_IsRefused(string byDefault, string call, string? path, string why) =>
        Assert.Contains(why, Assert.Throws<VitrineException>(() => SeccompSection.Compile(Notifying(byDefault, call, path))).Message, StringComparison.Ordinal);

    [Fact]
    public void Compile_MetadataWithoutListener_IsRefused() =>
        Assert.Throws<VitrineException>(() => SeccompSection.Compile(new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", ListenerMetadata = "x" }));

    [Fact]
    public void Compile_Listener_IsAskedForWhereSomethingIsLeftToIt()
    {
        var notifying = Notifying("SCMP_ACT_ALLOW", "mkdir", "/agent") with { Flags = ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] };
        var plain = notifying with { Syscalls = [] };

        Assert.Equal((uint)(SeccompFlags.NewListener | SeccompFlags.WaitKillableRecv), SeccompSection.Compile(notifying).Flags);
        Assert.NotEqual(0u, SeccompSection.Compile(Notifying("SCMP_ACT_NOTIFY", "mkdir", "/agent")).Flags & (uint)SeccompFlags.NewListener);
        Assert.Equal(0u, SeccompSection.Compile(plain).Flags);
    }

    private static Seccomp Notifying(string byDefault, string call, string? path) => new()
    {
        DefaultAction = byDefault,
        ListenerPath = path,
        Syscalls = [new SyscallRule { Names = [call], Action = "SCMP_ACT_NOTIFY" }],
    };

    private static IReadOnlyList<SeccompRule> Rules(params SyscallArgument[] arguments) =>
        SeccompSection.ToFilter(new Seccomp { DefaultAction = "SCMP_ACT_ERRNO", Syscalls = [Rule(arguments)] }).Rules;

    private static SyscallRule Rule(params SyscallArgument[] arguments) => new() { Names = ["read"], Action = "SCMP_ACT_ALLOW", Args = arguments };

    private static SyscallArgument Argument(uint index, string op, ulong value, ulong valueTwo = 0) =>
        new() { Index = index, Op = op, Value = value, ValueTwo = valueTwo };
}
