using FsCheck.Fluent;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

/// <summary>Compiled programs against the plain reading of the rules, and against libseccomp's programs.</summary>
public sealed class SeccompMeaningTests
{
    [Fact]
    public void Compile_AnyFilter_AnswersAsTheRulesSay() =>
        FsCheck.Check.One(Properties.Config(200), Prop.ForAll(Arb.From(FilterGenerator.Any), filter =>
        {
            var program = new BpfInterpreter(SeccompCompiler.Compile(filter).Bytes);
            var meaning = new RuleEvaluator(filter);
            foreach (var question in Interrogation.Questions(filter))
                AssertAnswer(meaning.Decide(question), program.Run(question).Result, question, "the rules", filter);
        }));

    [Fact]
    public void Compile_UnambiguousFilter_AnswersAsLibseccomp()
    {
        LibSeccomp.AssertInstalled();
        int compared = 0, refused = 0;
        FsCheck.Check.One(Properties.Config(200), Prop.ForAll(Arb.From(FilterGenerator.Unambiguous), filter =>
        {
            if (LibSeccomp.Build(filter) is not { } theirs)
            {
                refused++;
                return;
            }

            compared++;
            AssertSameAnswers(filter, new BpfInterpreter(theirs));
        }));
        Assert.True(compared > 9 * refused, $"libseccomp refused {refused} filters, {compared} were compared");
    }

    /// <summary>Puts every question to both programs; the differences that are meant are those that docs/seccomp.md lists.</summary>
    internal static void AssertSameAnswers(SeccompFilter filter, BpfInterpreter theirs)
    {
        var ours = new BpfInterpreter(SeccompCompiler.Compile(filter).Bytes);
        var meaning = new RuleEvaluator(filter);
        foreach (var question in Interrogation.Questions(filter))
        {
            var answer = ours.Run(question).Result;
            AssertAnswer(Expected(filter, meaning, theirs, question), answer, question, "libseccomp", filter);
        }
    }

    private static SeccompAction Expected(SeccompFilter filter, RuleEvaluator meaning, BpfInterpreter theirs, SeccompData question)
    {
        var abi = RuleEvaluator.AbiOf(question);

        // 1. x32 where it is not listed: ENOSYS instead of the foreign architecture's end.
        if (abi == SeccompArchitecture.X32 && !filter.Architectures.Contains(SeccompArchitecture.X32))
            return SeccompAction.Fail(Errno.ENOSYS);

        // 2. ipc's version bits, which libseccomp compares and the kernel ignores.
        if (abi == SeccompArchitecture.X86 && question is { Number: 117, Arguments: [> 0xFFFF, ..] })
            return meaning.Decide(question);

        // 3. socketcall(SYS_SOCKET) where socket() depends on its arguments: libseccomp lets it through.
        if (abi == SeccompArchitecture.X86 && question is { Number: 102, Arguments: [1, ..] }
            && filter.Rules.Any(rule => rule.Tests.Length > 0 && rule.Names.Contains("socket")))
            return meaning.Decide(question);

        // 4. Where libseccomp's program is broken, the rules themselves tell.
        var answer = new SeccompAction(theirs.Run(question).Result);
        if (theirs.LostTheNumber)
            return meaning.Decide(question);

        // 5. Above the newest call named: ENOSYS, which runc adds to libseccomp's program.
        return abi is { } known && filter.Architectures.Contains(known) && question.Number > meaning.NewestNamed(known)
            && answer == filter.DefaultAction && !answer.RunsTheCall ? SeccompAction.Fail(Errno.ENOSYS) : answer;
    }

    private static void AssertAnswer(SeccompAction expected, uint answer, SeccompData question, string whose, SeccompFilter filter)
    {
        if (expected.Value != answer)
        {
            var arguments = string.Join(' ', question.Arguments.Select(value => $"0x{value:x}"));
            var call = RuleEvaluator.AbiOf(question) is { } abi ? SyscallTable.NameOf(abi, question.Number) : null;
            var rules = filter.Rules.Where(rule => rule.Names.Contains(call)).Select(rule => $"{rule.Action} if {string.Join(" and ", rule.Tests)}");
            Assert.Fail($"arch 0x{question.Architecture:x8} call 0x{question.Number:x} {call} ({arguments}): {whose} say {expected}, the program "
                + $"{new SeccompAction(answer)}; rules: {string.Join("; ", rules)}; default {filter.DefaultAction}");
        }
    }
}
