using System.Text;
using Vitrine.Engine.Security;
using Vitrine.Filters;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Filters;

public sealed class ObservedProfileTests
{
    private static readonly Version s_kernel = new(6, 1);

    [Fact]
    public void Of_WhatWasSeen_AllowsThatAndNothingElse()
    {
        var profile = ObservedProfile.Of([Seen(SeccompArchitecture.X64, "openat"), Seen(SeccompArchitecture.X86, "socketcall"), new(1, 2), Seen(SeccompArchitecture.X64, "openat")], [SeccompArchitecture.X32], out var unknown);

        Assert.Equal([new SeenCall(1, 2)], unknown);
        Assert.Equal(["capset", "execve", "exit", "exit_group", "openat", "prctl", "restart_syscall", "rt_sigreturn", "socketcall"], profile.Syscalls![0].Names!);
        Assert.Equal("SCMP_ACT_ERRNO", profile.DefaultAction);
        Assert.Contains("SCMP_ARCH_X86", profile.Architectures!);
        Assert.Contains("SCMP_ARCH_X32", profile.Architectures!);
    }

    [Fact]
    public void AddedTo_TheDefault_AddsOnlyWhatItDoesNotAllow()
    {
        var seen = ObservedProfile.Of([Seen(SeccompArchitecture.X64, "read"), Seen(SeccompArchitecture.X64, "unshare"), Seen(SeccompArchitecture.X64, "clone")], [], out _);

        var profile = ObservedProfile.AddedTo(seen, DefaultSeccompProfile.Load(), Defaults.Capabilities, out var added, out var conditional);

        // A rule for clone without the profile's condition would let new user namespaces through.
        Assert.Equal(["unshare"], added);
        Assert.Equal(["clone"], conditional);
        var filter = SeccompSection.ToFilter(profile.Resolve(Defaults.Capabilities, s_kernel, SeccompArchitecture.X64));
        Assert.Contains(filter.Rules, rule => rule.Names.Contains("unshare") && rule.Action == SeccompAction.Allow);
    }

    [Fact]
    public void Write_AnyProfile_IsReadBackTheSame()
    {
        foreach (var original in new[] { DefaultSeccompProfile.Load(), ObservedProfile.Of([Seen(SeccompArchitecture.X64, "read")], [], out _) })
        {
            var text = SeccompProfileWriter.Write(original);
            var copy = SeccompProfile.Load(Encoding.UTF8.GetBytes(text));

            Assert.Equal(text, SeccompProfileWriter.Write(copy));
            Assert.Equal(SeccompSection.Compile(original.Resolve(CapabilitySet.AllNamed, s_kernel, SeccompArchitecture.X64)).Bytes.ToArray(),
                SeccompSection.Compile(copy.Resolve(CapabilitySet.AllNamed, s_kernel, SeccompArchitecture.X64)).Bytes.ToArray());
        }
    }

    private static SeenCall Seen(SeccompArchitecture architecture, string name)
    {
        Assert.True(SyscallTable.TryGetNumber(architecture, SyscallTable.Find(name), out var number));
        return new SeenCall(architecture.AuditValue(), number);
    }
}
