using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

/// <summary>Tables that stand in for the names of an enum's members are complete and in order.</summary>
public sealed class NamesTests
{
    [Fact]
    public void Errno_HasTheNameOfEachMember() =>
        Assert.All(Enum.GetValues<Errno>(), errno => Assert.Equal(errno.ToString(), errno.Name()));

    [Theory]
    [InlineData(41)]
    [InlineData(-1)]
    [InlineData(4096)]
    public void Errno_WithoutAName_IsItsNumber(int number) =>
        Assert.Equal(number.ToString(System.Globalization.CultureInfo.InvariantCulture), ((Errno)number).Name());

    [Fact]
    public void SyscallName_IsTheNameOfEachMember() =>
        Assert.All(Enum.GetValues<Syscall>().Where(call => call is not (Syscall.None or Syscall.Last)), call => Assert.Equal(call.ToString(), SyscallName.Of(call)));

    [Fact]
    public void NamespaceKinds_AndArchitectures_AreAll()
    {
        Assert.Equal(Enum.GetValues<NamespaceKind>(), NamespaceId.Kinds);
        Assert.Equal(Enum.GetValues<Vitrine.Linux.Seccomp.SeccompArchitecture>().Order(), Vitrine.Linux.Seccomp.SeccompArchitectures.All.Order());
    }

    [Fact]
    public void FlagWords_NameEveryFlag()
    {
        Assert.Equal("ro,nosuid,bind", (MountFlags.Bind | MountFlags.ReadOnly | MountFlags.NoSuid).Words());
        Assert.Equal("", MountFlags.None.Words());
        Assert.Equal("lazy,nofollow", (UnmountFlags.Detach | UnmountFlags.NoFollow).Words());
        Assert.All(Enum.GetValues<MountFlags>(), flag => Assert.DoesNotContain("0x", flag.Words()));
        Assert.All(Enum.GetValues<MountAttributes>().Where(one => one != MountAttributes.AccessTimeMask), one => Assert.DoesNotContain("0x", one.Words()));
        Assert.All(Enum.GetValues<UnmountFlags>(), flag => Assert.DoesNotContain("0x", flag.Words()));
    }
}
