using System.Text;
using FsCheck.Fluent;
using Vitrine.Engine.Security;
using Vitrine.Filters;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Filters;

public sealed class SeccompProfileTests
{
    private static readonly Version Kernel = new(5, 10);

    [Fact]
    public void Resolve_RuleWithCapability_HoldsOnlyWithIt()
    {
        var profile = Profile("""{"names":["mount"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN"]}}""");

        Assert.Empty(profile.Resolve(CapabilitySet.Empty, Kernel, SeccompArchitecture.X64).Syscalls!);
        Assert.Single(profile.Resolve(CapabilitySet.Of(Capability.CAP_SYS_ADMIN), Kernel, SeccompArchitecture.X64).Syscalls!);
    }

    [Fact]
    public void Resolve_ExcludedCapability_TakesTheRuleAway()
    {
        var profile = Profile("""{"names":["clone"],"action":"SCMP_ACT_ALLOW","excludes":{"caps":["CAP_SYS_ADMIN"]}}""");

        Assert.Single(profile.Resolve(CapabilitySet.Empty, Kernel, SeccompArchitecture.X64).Syscalls!);
        Assert.Empty(profile.Resolve(CapabilitySet.Of(Capability.CAP_SYS_ADMIN), Kernel, SeccompArchitecture.X64).Syscalls!);
    }

    [Theory]
    [InlineData("4.8", true)]
    [InlineData("5.10", true)]
    [InlineData("5.11", false)]
    [InlineData("6.0", false)]
    public void Resolve_MinimumKernel_IsComparedByMajorAndMinor(string oldest, bool holds)
    {
        var profile = Profile($$$"""{"names":["ptrace"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"{{{oldest}}}"}}""");

        Assert.Equal(holds ? 1 : 0, profile.Resolve(CapabilitySet.Empty, Kernel, SeccompArchitecture.X64).Syscalls!.Count);
    }

    [Fact]
    public void Resolve_Machine_ChoosesRulesAndArchitectures()
    {
        var profile = SeccompProfile.Load("""
            {"defaultAction":"SCMP_ACT_ERRNO",
             "archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86"]},{"architecture":"SCMP_ARCH_AARCH64","subArchitectures":null}],
             "syscalls":[{"name":"arch_prctl","action":"SCMP_ACT_ALLOW","includes":{"arches":["amd64","x32"]}}]}
            """u8);

        var intel = profile.Resolve(CapabilitySet.Empty, Kernel, SeccompArchitecture.X64);
        var arm = profile.Resolve(CapabilitySet.Empty, Kernel, SeccompArchitecture.Arm64);

        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], intel.Architectures!);
        Assert.Equal(["arch_prctl"], intel.Syscalls![0].Names);
        Assert.Equal(["SCMP_ARCH_AARCH64"], arm.Architectures!);
        Assert.Empty(arm.Syscalls!);
    }

    [Theory]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86"],"archMap":[{"architecture":"SCMP_ARCH_X86"}]}""", "both 'architectures' and 'archMap'")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"name":"a","names":["b"],"action":"SCMP_ACT_ALLOW"}]}""", "both 'name' and 'names'")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"name":"a"}]}""", "no action")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"name":"a","action":"SCMP_ACT_ALLOW","includes":{"minKernel":"new"}}]}""", "'new'")]
    [InlineData("{}", "no defaultAction")]
    public void Resolve_ProfileThatContradictsItself_IsRefusedWithTheReason(string json, string reason)
    {
        var profile = SeccompProfile.Load(Encoding.UTF8.GetBytes(json));

        var error = Assert.Throws<VitrineException>(() => profile.Resolve(CapabilitySet.Empty, Kernel, SeccompArchitecture.X64));

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"syscalls\":3}")]
    [InlineData("{\"defaultErrnoRet\":-1}")]
    public void Load_NoProfile_IsRefused(string json) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<VitrineException>(() => SeccompProfile.Load(Encoding.UTF8.GetBytes(json))).Kind);

    [Fact]
    public void Load_MutilatedProfile_IsReadOrRefusedButNeverCrashes()
    {
        var json = DefaultSeccompProfile.Json;
        var mutilation = Gen.Choose(0, json.Length - 1).SelectMany(at => Gen.Choose(0, 255).Select(value => (at, (byte)value)));
        FsCheck.Check.One(Properties.Config(300), Prop.ForAll(Arb.From(mutilation), change =>
        {
            var bytes = (byte[])json.Clone();
            bytes[change.at] = change.Item2;
            try
            {
                SeccompSection.Compile(SeccompProfile.Load(bytes).Resolve(Defaults.Capabilities, Kernel, SeccompArchitecture.X64));
            }
            catch (VitrineException error)
            {
                Assert.Equal(ErrorKind.Invalid, error.Kind);
            }
        }));
    }

    private static SeccompProfile Profile(string rule) =>
        SeccompProfile.Load(Encoding.UTF8.GetBytes($$"""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{{rule}}]}"""));
}
