using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>What docker run says of things that are not there.</summary>
public sealed class CreationTests(ApiSandbox box) : IClassFixture<ApiSandbox>
{
    [Theory]
    [InlineData("network nosuch not found", "--network", "nosuch")]
    [InlineData("No such container: nosuch", "--network", "container:nosuch")]
    [InlineData("No such container: nosuch", "--network", "none", "--volumes-from", "nosuch")]
    public void Run_OfWhatIsNotThere_SaysSo_AndPullsNoImageForIt(string reason, params string[] options)
    {
        var result = box.Docker(["run", "--rm", .. options, "busybox", "true"]);
        result.ShouldFail(125, $"Error response from daemon: {reason}");
        Assert.DoesNotContain("Unable to find image", result.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfAnImageThatIsNotThere_Pulls() =>
        Assert.Contains("Unable to find image", box.Docker("run", "--rm", "--network", "nosuch", "127.0.0.1:1/nosuch", "true").Stderr, StringComparison.Ordinal);
}
