using System.Text;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Images;

/// <summary>A registry for the class, with the busybox image in it.</summary>
public sealed class OpenRegistry : IDisposable
{
    public OpenRegistry() => Busybox = Registry.Push("busybox");

    public TestRegistry Registry { get; } = new();

    public string Busybox { get; }

    public void Dispose() => Registry.Dispose();
}

/// <summary>Pulling from a real registry.</summary>
public sealed class PullTests(OpenRegistry open) : IClassFixture<OpenRegistry>
{
    // bcrypt of "secret", made with htpasswd -nbB.
    private const string User = "anna:$2y$05$34cVQK9/QSiNSThZzEMGi.zUcoua98t5qynKrcyHLDiq9mblzWbaW";

    [Fact]
    public void Pull_ThenRun_Works()
    {
        using var box = new Sandbox();

        var output = box.Ok("pull", open.Busybox);

        Assert.Matches("Digest: sha256:[0-9a-f]{64}", output);
        Assert.Contains($"Downloaded newer image for {open.Busybox}", output, StringComparison.Ordinal);
        Assert.Contains("Image is up to date", box.Ok("pull", open.Busybox), StringComparison.Ordinal);
        Assert.Equal("pulled", box.Ok("run", "--rm", open.Busybox, "echo", "pulled"));
    }

    [Fact]
    public void Run_OfAMissingImage_PullsIt()
    {
        using var box = new Sandbox();

        Assert.Equal("here", box.Vitrine("run", "--rm", open.Busybox, "echo", "here").ShouldSucceed().Text);
    }

    [Fact]
    public void Pull_ByDigest_GivesThatImage()
    {
        using var box = new Sandbox();
        box.Ok("pull", open.Busybox);
        var digest = box.Ok("image", "inspect", "--format", "{{index .RepoDigests 0}}", open.Busybox);

        box.Ok("pull", digest);

        Assert.Contains("@sha256:", digest, StringComparison.Ordinal);
        box.Ok("run", "--rm", digest, "true");
    }

    [Fact]
    public void Pull_UnknownRepositoryOrTag_IsNamed()
    {
        using var box = new Sandbox();

        box.Vitrine("pull", $"{open.Registry.Address}/test/ghost").ShouldFail(1, "test/ghost");
        box.Vitrine("pull", open.Busybox.Replace(":latest", ":none", StringComparison.Ordinal)).ShouldFail(1, "none");
    }

    [Fact]
    public void Pull_OtherPlatform_NamesWhatIsMissing()
    {
        using var box = new Sandbox();

        box.Vitrine("pull", "--platform", "linux/s390x", open.Busybox).ShouldFail(1, "linux/s390x");
    }

    [Fact]
    public void Pull_WithCredentials_ReadsDockersConfig()
    {
        using var locked = new TestRegistry(User);
        var reference = locked.Push("busybox", credentials: "anna:secret");
        using var box = new Sandbox();
        box.Vitrine("pull", reference).ShouldFail(1, "unauthorized");

        var config = Directory.CreateDirectory(box.Environment["DOCKER_CONFIG"]!).FullName;
        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes("anna:secret"));
        File.WriteAllText(Path.Combine(config, "config.json"), $$$"""{"auths":{"{{{locked.Address}}}":{"auth":"{{{auth}}}" } } }""");

        box.Ok("pull", reference);
        box.Ok("run", "--rm", reference, "true");
    }

    [Fact]
    public void Pull_WithACredentialHelper_AsksIt()
    {
        using var locked = new TestRegistry(User);
        var reference = locked.Push("busybox", credentials: "anna:secret");
        using var box = new Sandbox();
        var config = Directory.CreateDirectory(box.Environment["DOCKER_CONFIG"]!).FullName;
        var helper = Path.Combine(box.Files, "docker-credential-test");
        File.WriteAllText(helper, $$"""
            #!/bin/sh
            read -r server
            [ "$1 $server" = "get {{locked.Address}}" ] && echo '{"ServerURL":"x","Username":"anna","Secret":"secret"}'
            """);
        File.SetUnixFileMode(helper, (UnixFileMode)0b111_101_101);
        File.WriteAllText(Path.Combine(config, "config.json"), $$$"""{"credHelpers":{"{{{locked.Address}}}":"test"}}""");
        var environment = box.Environment;
        environment["PATH"] = $"{box.Files}:{System.Environment.GetEnvironmentVariable("PATH")}";

        Command.Run(Repository.Binary("vitrine"), ["pull", reference], null, environment, null).ShouldSucceed();
    }

    [Fact]
    public void Pull_DamagedBlob_IsRefusedAndNothingStays()
    {
        using var registry = new TestRegistry();
        var reference = registry.Push("busybox");
        var layer = Directory.GetFiles(registry.Storage, "data", SearchOption.AllDirectories).MaxBy(file => new FileInfo(file).Length)!;
        using (var file = File.OpenWrite(layer))
        {
            file.Position = file.Length / 2;
            file.Write("damage"u8);
        }

        using var box = new Sandbox();
        box.Vitrine("pull", reference).ShouldFail(1, "sha256:");

        Assert.Equal("", box.Ok("images", "-aq"));
        Assert.Empty(Directory.Exists($"{box.DataRoot}/layers") ? Directory.GetFileSystemEntries($"{box.DataRoot}/layers") : []);
    }

    [Fact]
    public void Pull_Interrupted_LeavesACleanStore()
    {
        var reference = open.Registry.Push("debian");
        using var box = new Sandbox();
        foreach (var milliseconds in new[] { 5, 20, 60, 150, 400 })
        {
            using var pull = box.Start("pull", reference);
            Thread.Sleep(milliseconds);
            Command.Run("kill", "-INT", pull.Id.ToString());
            Assert.True(pull.WaitForExit(10_000), "pull ends at Ctrl-C");
            ForgetIfComplete(box, reference);
        }

        using (var pull = box.Start("pull", reference))
        {
            Thread.Sleep(300);
            pull.Kill();
            pull.WaitForExit();
            ForgetIfComplete(box, reference);
        }

        Assert.Equal("", box.Ok("images", "-q"));
        box.Ok("pull", reference);
        Assert.Empty(Directory.GetFileSystemEntries(box.DataRoot, "*tmp-*", SearchOption.AllDirectories));
        Assert.Equal("12", box.Ok("run", "--rm", reference, "cut", "-d.", "-f1", "/etc/debian_version"));
    }

    [Fact]
    public void Store_IsAnOciLayoutForOtherTools()
    {
        using var box = new Sandbox();
        box.Ok("pull", open.Busybox);

        Command.Run("umoci", "stat", "--image", $"{box.DataRoot}/images:{TagInLayout(box)}").ShouldSucceed();
    }

    /// <summary>A fast machine may have pulled the image before it could be interrupted.</summary>
    private static void ForgetIfComplete(Sandbox box, string reference)
    {
        if (box.Ok("images", "-q").Length > 0)
            box.Ok("rmi", reference);
    }

    private static string TagInLayout(Sandbox box) =>
        Command.Run("umoci", "list", "--layout", $"{box.DataRoot}/images").ShouldSucceed().Lines[0];
}
