using System.Text.RegularExpressions;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

public sealed partial class SyscallTableTests
{
    [Fact]
    public void Find_EveryName_GivesItsId()
    {
        for (var id = 0; id < SyscallTable.Count; id++)
            Assert.Equal(id, SyscallTable.Find(SyscallTable.Name(id)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("rea")]
    [InlineData("readx")]
    [InlineData("READ")]
    [InlineData("\u0172ead")]
    [InlineData("zzz")]
    public void Find_OtherWord_IsNothing(string name) => Assert.Equal(-1, SyscallTable.Find(name));

    [Theory]
    [InlineData(SeccompArchitecture.X64, "read", 0)]
    [InlineData(SeccompArchitecture.X64, "mseal", 462)]
    [InlineData(SeccompArchitecture.X86, "socketcall", 102)]
    [InlineData(SeccompArchitecture.X32, "execve", 0x40000208)]
    [InlineData(SeccompArchitecture.Arm64, "openat", 56)]
    [InlineData(SeccompArchitecture.Arm, "set_tls", 0xF0005)]
    public void TryGetNumber_KnownCall_IsTheKernels(SeccompArchitecture architecture, string name, uint expected)
    {
        Assert.True(SyscallTable.TryGetNumber(architecture, SyscallTable.Find(name), out var number));
        Assert.Equal(expected, number);
        Assert.Equal(name, SyscallTable.NameOf(architecture, number));
    }

    [Fact]
    public void TryGetNumber_CallOfOtherAbi_IsAbsent() =>
        Assert.False(SyscallTable.TryGetNumber(SeccompArchitecture.X64, SyscallTable.Find("socketcall"), out _));

    [Fact]
    public void FindAfter_AnyName_IsThatOfFind()
    {
        for (var id = 0; id < SyscallTable.Count; id++)
            foreach (var previous in (int[])[-1, 0, Math.Max(-1, id - 1), Math.Max(-1, id - 3), id, SyscallTable.Count - 1])
                Assert.Equal(id, SyscallTable.FindAfter(SyscallTable.Name(id), previous));
        Assert.Equal(-1, SyscallTable.FindAfter("no_such_call", 7));
    }

    [Fact]
    public void NameOf_UnusedNumber_IsNull() => Assert.Null(SyscallTable.NameOf(SeccompArchitecture.X64, 400));

    [Fact]
    public void Numbers_AgreeWithLibseccomp_InEveryAbi()
    {
        LibSeccomp.AssertInstalled();
        foreach (var architecture in Enum.GetValues<SeccompArchitecture>())
        {
            for (var id = 0; id < SyscallTable.Count; id++)
            {
                var theirs = LibSeccomp.Resolve(architecture, SyscallTable.Name(id));
                if (theirs >= 0)
                {
                    Assert.True(SyscallTable.TryGetNumber(architecture, id, out var ours), SyscallTable.Name(id));
                    Assert.Equal((uint)theirs, ours);
                }
            }
        }
    }

    /// <summary>The headers of libseccomp name every call of every machine; what we lack must belong to machines we do not have.</summary>
    [Fact]
    public void Names_AreAllThatLibseccompKnowsForOurMachines()
    {
        var header = File.ReadAllText("/usr/include/seccomp-syscalls.h");
        var missing = new List<string>();
        foreach (Match match in CallName().Matches(header))
        {
            var name = match.Groups[1].Value;
            foreach (var architecture in Enum.GetValues<SeccompArchitecture>())
            {
                if (LibSeccomp.Resolve(architecture, name) >= 0
                    && (SyscallTable.Find(name) is var id && id < 0 || !SyscallTable.TryGetNumber(architecture, id, out _)))
                    missing.Add($"{name} on {architecture}");
            }
        }

        Assert.Empty(missing);
    }

    [GeneratedRegex(@"#define __SNR_(\w+)")]
    private static partial Regex CallName();
}
