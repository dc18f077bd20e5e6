using System.Runtime.CompilerServices;
using Vitrine.Engine.Security;
using Vitrine.Filters;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Vitrine.Tests.Unit.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Filters;

/// <summary>The profile that containers get: what it answers to every call, and that it differs from Docker's in nothing but what docs/seccomp.md says.</summary>
public sealed class DefaultSeccompProfileTests
{
    private const uint X64 = 0xC000003E;
    private const uint X86 = 0x40000003;
    private static readonly Version Kernel = new(6, 12);

    public static TheoryData<string> CapabilitySets => [
        "", "default", "default,CAP_SYS_ADMIN", "default,CAP_SYS_PTRACE", "default,CAP_BPF,CAP_PERFMON", "default,CAP_NET_ADMIN,CAP_SYS_TIME", "all"];

    [Theory]
    [MemberData(nameof(CapabilitySets))]
    public void Compile_EveryNumberAndArgument_AnswersAsTheRulesSay(string capabilities)
    {
        foreach (var machine in new[] { SeccompArchitecture.X64, SeccompArchitecture.Arm64 })
        {
            var filter = SeccompSection.ToFilter(DefaultSeccompProfile.Load().Resolve(Set(capabilities), Kernel, machine));
            var program = new BpfInterpreter(SeccompCompiler.Compile(filter).Bytes);
            var meaning = new RuleEvaluator(filter);
            foreach (var question in Interrogation.Questions(filter))
                Assert.True(meaning.Decide(question).Value == program.Run(question).Result, $"{question.Architecture:x} {question.Number}");
        }
    }

    [Theory]
    [MemberData(nameof(CapabilitySets))]
    public void Compile_OursAndDockers_AnswerAsLibseccomp(string capabilities)
    {
        LibSeccomp.AssertInstalled();
        foreach (var profile in new[] { DefaultSeccompProfile.Load(), Dockers() })
        {
            var filter = WithoutNewerNames(SeccompSection.ToFilter(profile.Resolve(Set(capabilities), Kernel, SeccompArchitecture.X64)));
            SeccompMeaningTests.AssertSameAnswers(filter, new BpfInterpreter(LibSeccomp.Build(filter)!));
        }
    }

    [Theory]
    [MemberData(nameof(CapabilitySets))]
    public void Resolve_ComparedWithDockers_DiffersOnlyAsDocumented(string capabilities)
    {
        var set = Set(capabilities);
        var ourFilter = SeccompSection.ToFilter(DefaultSeccompProfile.Load().Resolve(set, Kernel, SeccompArchitecture.X64));
        var theirFilter = SeccompSection.ToFilter(Dockers().Resolve(set, Kernel, SeccompArchitecture.X64));
        var ours = new BpfInterpreter(SeccompCompiler.Compile(ourFilter).Bytes);
        var theirs = new BpfInterpreter(SeccompCompiler.Compile(theirFilter).Bytes);
        foreach (var question in Interrogation.Questions(theirFilter).Concat(Interrogation.Questions(ourFilter)))
        {
            var (answer, dockers) = (ours.Run(question).Result, theirs.Run(question).Result);
            if (answer != dockers)
                Assert.True(IsDocumented(question, set), $"{question.Architecture:x} {question.Number} {question.Arguments[0]:x}: {new SeccompAction(answer)}, Docker {new SeccompAction(dockers)}");
        }
    }

    [Theory]
    [InlineData(X64, "ptrace", 0, Errno.EPERM)]
    [InlineData(X64, "process_vm_readv", 0, Errno.EPERM)]
    [InlineData(X64, "process_vm_writev", 0, Errno.EPERM)]
    [InlineData(X64, "socket", 38, Errno.EPERM)]
    [InlineData(X64, "socket", 40, Errno.EPERM)]
    [InlineData(X64, "socket", 0x1_0000_0026, Errno.EPERM)]
    [InlineData(X64, "socket", 0x7FFFFFFF_00000028, Errno.EPERM)]
    [InlineData(X64, "socket", 46, Errno.EPERM)]
    [InlineData(X86, "socket", 38, Errno.EPERM)]
    [InlineData(X86, "socket", 40, Errno.EPERM)]
    [InlineData(X86, "socketcall", 1, Errno.EPERM)]
    [InlineData(X86, "ptrace", 0, Errno.EPERM)]
    [InlineData(X64, "clone3", 0, Errno.ENOSYS)]
    [InlineData(X64, "clone", 0x10000000, Errno.EPERM)]
    [InlineData(X64, "unshare", 0, Errno.EPERM)]
    [InlineData(X64, "mount", 0, Errno.EPERM)]
    [InlineData(X64, "io_uring_setup", 0, Errno.EPERM)]
    [InlineData(X64, "bpf", 0, Errno.EPERM)]
    [InlineData(X64, "keyctl", 0, Errno.EPERM)]
    [InlineData(X64, "userfaultfd", 0, Errno.EPERM)]
    [InlineData(X64, "personality", 1, Errno.EPERM)]
    [InlineData(X64, "rseq_slice_yield", 0, Errno.ENOSYS)]
    [InlineData(X64, "read", 0, Errno.None)]
    [InlineData(X64, "socket", 2, Errno.None)]
    [InlineData(X64, "socket", 39, Errno.None)]
    [InlineData(X64, "socket", 45, Errno.None)]
    [InlineData(X64, "clone", 0x11, Errno.None)]
    [InlineData(X64, "personality", 0xFFFFFFFF, Errno.None)]
    [InlineData(X64, "chroot", 0, Errno.None)]
    [InlineData(X64, "mseal", 0, Errno.None)]
    [InlineData(X86, "socket", 2, Errno.None)]
    [InlineData(X86, "socketcall", 3, Errno.None)]
    [InlineData(X86, "ipc", 21, Errno.None)]
    public void Compile_DefaultCapabilities_AnswersKnownCases(uint architecture, string call, ulong argument, Errno errno)
    {
        var filter = SeccompSection.ToFilter(DefaultSeccompProfile.Load().Resolve(Defaults.Capabilities, Kernel, SeccompArchitecture.X64));
        var abi = architecture == X64 ? SeccompArchitecture.X64 : SeccompArchitecture.X86;
        Assert.True(SyscallTable.TryGetNumber(abi, SyscallTable.Find(call), out var number));

        var answer = new BpfInterpreter(SeccompCompiler.Compile(filter).Bytes).Run(new SeccompData(architecture, number, [argument, 0, 0, 0, 0, 0]));

        Assert.Equal(errno == Errno.None ? SeccompAction.Allow : SeccompAction.Fail(errno), new SeccompAction(answer.Result));
    }

    [Fact]
    public void Compile_WithTheCapability_GivesBackWhatItIsFor()
    {
        var filter = SeccompSection.ToFilter(DefaultSeccompProfile.Load().Resolve(Set("default,CAP_SYS_PTRACE"), Kernel, SeccompArchitecture.X64));

        Assert.Equal(SeccompAction.Allow.Value, new BpfInterpreter(SeccompCompiler.Compile(filter).Bytes).Run(new SeccompData(X64, 101, new ulong[6])).Result);
    }

    [Fact]
    public void Compile_EveryNameInTheProfile_IsKnown() =>
        Assert.Empty(SeccompSection.Compile(DefaultSeccompProfile.Load().Resolve(CapabilitySet.AllNamed, Kernel, SeccompArchitecture.X64)).UnknownNames);

    /// <summary>The size and depth that docs/seccomp.md reports, with room: a change of the compiler that loses them should be noticed.</summary>
    [Fact]
    public void Compile_DefaultProfile_IsSmallerAndShallowerThanLibseccomps()
    {
        LibSeccomp.AssertInstalled();
        var filter = WithoutNewerNames(SeccompSection.ToFilter(DefaultSeccompProfile.Load().Resolve(Defaults.Capabilities, Kernel, SeccompArchitecture.X64)));
        var ours = new BpfInterpreter(SeccompCompiler.Compile(filter).Bytes);
        var theirs = new BpfInterpreter(LibSeccomp.Build(filter)!);
        var searched = new BpfInterpreter(LibSeccomp.Build(filter, optimize: true)!);

        TestContext.Current.SendDiagnosticMessage(
            "instructions {0} (libseccomp {1}, its binary tree {2}); average steps {3:f1} (libseccomp {4:f1}, its binary tree {5:f1})",
            ours.Length, theirs.Length, searched.Length, Steps(ours), Steps(theirs), Steps(searched));
        Assert.InRange(ours.Length, 1, theirs.Length / 2);
        Assert.InRange(Steps(ours), 1, 12);
        Assert.True(Steps(ours) < Steps(searched));
    }

    private static double Steps(BpfInterpreter program) =>
        Enumerable.Range(0, 463).Average(number => program.Run(new SeccompData(X64, (uint)number, new ulong[6])).Steps);

    private static bool IsDocumented(SeccompData question, CapabilitySet set)
    {
        var socket = question is { Architecture: X64, Number: 41 } or { Architecture: X86, Number: 359 };
        return question switch
        {
            { Architecture: X64, Number: >= 0x40000000 } => true,
            { Architecture: X64, Number: 101 or 310 or 311 } or { Architecture: X86, Number: 26 or 347 or 348 } => !set.Contains(Capability.CAP_SYS_PTRACE),
            { Architecture: X86, Number: 102 } => question.Arguments[0] is 0 or 1 or > 20,
            _ => socket && question.Arguments[0] > 45,
        };
    }

    private static SeccompFilter WithoutNewerNames(SeccompFilter filter) => new()
    {
        DefaultAction = filter.DefaultAction,
        Architectures = filter.Architectures,
        ForeignArchitectureAction = filter.ForeignArchitectureAction,
        Rules = [.. filter.Rules
            .Select(rule => rule with { Names = [.. rule.Names.Where(FilterGenerator.IsKnownAlike)] })
            .Where(rule => rule.Names.Count > 0)],
    };

    private static CapabilitySet Set(string names)
    {
        var set = CapabilitySet.Empty;
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var known = CapabilitySet.TryParseWord(name, CapabilitySet.AllNamed, out var one);
            set |= known ? one : Defaults.Capabilities;
        }

        return set;
    }

    private static SeccompProfile Dockers() => SeccompProfile.Load(File.ReadAllBytes(Path.Combine(Here(), "docker-seccomp.json")));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
