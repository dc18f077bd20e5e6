using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>Bad input: one clear line, the right exit code, nothing left behind (the sandbox checks that at the end).</summary>
public sealed class BadInputTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void Run_MissingCommand_Is127()
    {
        var result = box.Vitrine("run", "--rm", "busybox", "no-such-program").ShouldFail(127, "no-such-program");

        Assert.Contains("executable file not found in $PATH", result.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/etc")]
    public void Run_NotExecutable_Is126(string command) =>
        box.Vitrine("run", "--rm", "busybox", command).ShouldFail(126, command);

    [Theory]
    [InlineData("library/UPPER", "lowercase")]
    [InlineData("a//b", "invalid reference format")]
    [InlineData("name:tag:tag", "invalid reference format")]
    public void Run_BadReference_IsNamed(string reference, string reason) =>
        box.Vitrine("run", "--rm", reference, "true").ShouldFail(125, reason);

    [Fact]
    public void Run_UnknownImage_WithoutPulling_IsNamed() =>
        box.Vitrine("run", "--rm", "--pull", "never", "ghost:1", "true").ShouldFail(125, "ghost:1");

    [Fact]
    public void Pull_RegistryDown_NamesTheHost() =>
        box.Vitrine("pull", "127.0.0.1:1/some/image").ShouldFail(1, "127.0.0.1:1");

    [Theory]
    [InlineData("--memory", "1m", "6MB")]
    [InlineData("--memory", "lots", "lots")]
    [InlineData("--cpus", "9999", "CPUs")]
    [InlineData("--cpuset-cpus", "777", "777")]
    [InlineData("--restart", "sometimes", "sometimes")]
    [InlineData("--name", "bad name", "bad name")]
    [InlineData("--cap-add", "FLY", "FLY")]
    [InlineData("--ulimit", "wings=1", "wings")]
    [InlineData("--security-opt", "seccomp=/no/such/profile", "/no/such/profile")]
    [InlineData("--network", "container:nobody", "nobody")]
    [InlineData("--mount", "type=bind,src=/no/such/dir,dst=/x", "/no/such/dir")]
    [InlineData("--mount", "type=wormhole,dst=/x", "wormhole")]
    [InlineData("-v", "/tmp:relative", "relative")]
    [InlineData("--env-file", "/no/such/file", "/no/such/file")]
    [InlineData("--stop-signal", "SIGNOPE", "SIGNOPE")]
    [InlineData("--sysctl", "kernel.panic=1", "kernel.panic")]
    [InlineData("--device", "/dev/nothing-here", "/dev/nothing-here")]
    [InlineData("--log-driver", "telegraph", "telegraph")]
    public void Run_ImpossibleFlag_IsNamed(string flag, string value, string reason) =>
        box.Vitrine("run", flag, value, "busybox", "true").ShouldFail(125, reason);

    [Fact]
    public void Run_UnknownFlag_PointsToHelp() =>
        box.Vitrine("run", "--no-such-flag", "busybox").ShouldFail(125, "--no-such-flag");

    [Fact]
    public void Run_TerminalWithoutTerminal_IsRefused() =>
        box.Vitrine("run", "--rm", "-it", "busybox").ShouldFail(1, "the input device is not a TTY");

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("kill")]
    [InlineData("restart")]
    [InlineData("rm")]
    [InlineData("logs")]
    [InlineData("wait")]
    [InlineData("top")]
    [InlineData("attach")]
    public void Verb_UnknownContainer_IsNamed(string verb) =>
        box.Vitrine(verb, "nobody").ShouldFail(1, "No such container: nobody");

    [Theory]
    [InlineData("rmi")]
    [InlineData("tag")]
    [InlineData("save")]
    public void ImageVerb_UnknownImage_IsNamed(string verb) =>
        box.Vitrine(verb is "tag" ? [verb, "ghost", "other"] : verb is "save" ? [verb, "-o", Path.Combine(box.Files, "x"), "ghost"] : [verb, "ghost"])
            .ShouldFail(1, "No such image: ghost");

    [Fact]
    public void UnknownVerb_PointsToHelp() => box.Vitrine("frobnicate").ShouldFail(1, "frobnicate");
}
