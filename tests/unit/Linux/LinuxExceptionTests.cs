using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

public sealed class LinuxExceptionTests
{
    [Fact]
    public void Message_WithPathAndFlags_TellsTheWholeStory()
    {
        var error = new LinuxException("mount overlay on", "/run/x/rootfs", "nosuid,nodev", Errno.EPERM);

        Assert.Equal("mount overlay on '/run/x/rootfs' (nosuid,nodev): EPERM: operation not permitted", error.Message);
    }

    [Fact]
    public void Message_WithoutPathOrFlags_LeavesThemOut() =>
        Assert.Equal("getrandom: EINTR: interrupted system call", new LinuxException("getrandom", null, Errno.EINTR).Message);
}
