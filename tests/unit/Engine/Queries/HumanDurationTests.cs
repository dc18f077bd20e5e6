using Vitrine.Engine.Queries;
using Vitrine.ShimProtocol;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Queries;

public sealed class HumanDurationTests
{
    // The values of docker's own go-units test.
    [Theory]
    [InlineData(0.45, "Less than a second")]
    [InlineData(1, "1 second")]
    [InlineData(45, "45 seconds")]
    [InlineData(60, "About a minute")]
    [InlineData(95, "About a minute")]
    [InlineData(180, "3 minutes")]
    [InlineData(60 * 60, "About an hour")]
    [InlineData(60 * 90, "2 hours")]
    [InlineData(3 * 3600, "3 hours")]
    [InlineData(24 * 3600, "24 hours")]
    [InlineData(36 * 3600, "36 hours")]
    [InlineData(60 * 3600, "2 days")]
    [InlineData(10 * 86400, "10 days")]
    [InlineData(14 * 86400, "2 weeks")]
    [InlineData(35 * 86400, "5 weeks")]
    [InlineData(60 * 86400, "2 months")]
    [InlineData(730 * 86400, "2 years")]
    public void Format_Duration_IsAsDockerSaysIt(double seconds, string expected) =>
        Assert.Equal(expected, HumanDuration.Format(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(ContainerStatus.Running, "Up 3 minutes")]
    [InlineData(ContainerStatus.Paused, "Up 3 minutes (Paused)")]
    [InlineData(ContainerStatus.Exited, "Exited (7) 1 second ago")]
    [InlineData(ContainerStatus.Restarting, "Restarting (7) 1 second ago")]
    [InlineData(ContainerStatus.Created, "Created")]
    public void Describe_State_IsAsDockerPsSaysIt(ContainerStatus status, string expected)
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        var state = new ContainerState { Status = status, ExitCode = 7, StartedAt = now.AddMinutes(-3), FinishedAt = now.AddSeconds(-1) };

        Assert.Equal(expected, StatusText.Describe(state, now));
    }
}
