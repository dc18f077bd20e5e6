using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Seccomp;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Seccomp;

public sealed class SeccompTestVerbTests
{
    [Fact]
    public void Code_IsTheAnswers()
    {
        Assert.Equal([0, 0, 1, 2, 2, 3, 4, 4], new[]
        {
            SeccompAction.Allow, SeccompAction.Log, SeccompAction.Fail(Errno.ENOSYS), SeccompAction.KillProcess, SeccompAction.KillThread,
            SeccompAction.Trap, SeccompAction.Notify, SeccompAction.Trace(7),
        }.Select(SeccompTestVerb.Code));
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("0x7e020000", 0x7e020000)]
    [InlineData("-1", ulong.MaxValue)]
    public void Argument_IsANumber(string text, ulong value) => Assert.Equal(value, SeccompTestVerb.Argument(text));

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("ten")]
    public void Argument_Nonsense_IsRefused(string text) => Assert.Throws<VitrineException>(() => SeccompTestVerb.Argument(text));

    [Theory]
    [InlineData("amd64", SeccompArchitecture.X64)]
    [InlineData("i386", SeccompArchitecture.X86)]
    [InlineData("SCMP_ARCH_AARCH64", SeccompArchitecture.Arm64)]
    public void Architecture_HasItsUsualNames(string text, SeccompArchitecture architecture) => Assert.Equal(architecture, SeccompTestVerb.ParseArchitecture(text));

    [Fact]
    public void Architecture_Unknown_IsRefused() => Assert.Throws<FlagValueException>(() => SeccompTestVerb.ParseArchitecture("mips"));
}
