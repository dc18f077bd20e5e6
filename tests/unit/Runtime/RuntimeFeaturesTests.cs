using Vitrine.Linux.Seccomp;
using Vitrine.Oci.Runtime;
using Vitrine.Filters;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime;

/// <summary>What features claims is what a configuration may say.</summary>
public sealed class RuntimeFeaturesTests
{
    public static TheoryData<string> Mounts => [.. RuntimeFeatures.Mounts];

    [Theory]
    [MemberData(nameof(Mounts))]
    public void MountOption_ThatIsClaimed_IsNotLeftToTheFilesystem(string option)
    {
        var left = MountOptions.Parse([option]).Data;

        // The three that every filesystem takes.
        Assert.Equal(option is "sync" or "dirsync" or "lazytime" ? [option] : [], left);
    }

    [Fact]
    public void MountOptions_AreEachClaimedOnce() =>
        Assert.Equal(RuntimeFeatures.Mounts.Distinct().Order(StringComparer.Ordinal), RuntimeFeatures.Mounts);

    [Fact]
    public void Seccomp_WhatIsClaimed_Compiles()
    {
        foreach (var action in RuntimeFeatures.SeccompActions.Where(static action => action != "SCMP_ACT_NOTIFY"))
            Compile("SCMP_ACT_ALLOW", action, "SCMP_CMP_EQ");
        foreach (var comparison in RuntimeFeatures.SeccompOperators)
            Compile("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", comparison);
        Assert.Throws<VitrineException>(() => Compile("SCMP_ACT_ALLOW", "SCMP_ACT_OTHER", "SCMP_CMP_EQ"));
        Assert.Throws<VitrineException>(() => Compile("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_CMP_OTHER"));
        Assert.All(RuntimeFeatures.SeccompArchs, static name => Assert.True(SeccompArchitectures.TryParse(name, out _)));
    }

    private static void Compile(string defaultAction, string action, string comparison) => SeccompSection.Compile(new Seccomp
    {
        DefaultAction = defaultAction,
        Architectures = RuntimeFeatures.SeccompArchs,
        Flags = RuntimeFeatures.SeccompFlags,
        Syscalls = [new SyscallRule { Names = ["read"], Action = action, Args = [new SyscallArgument { Index = 0, Value = 1, ValueTwo = 1, Op = comparison }] }],
    });
}
