using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Images;

/// <summary>A registry behind a password for the class.</summary>
public sealed class LockedRegistry : IDisposable
{
    // bcrypt of "secret", made with htpasswd -nbB.
    public TestRegistry Registry { get; } = new("anna:$2y$05$34cVQK9/QSiNSThZzEMGi.zUcoua98t5qynKrcyHLDiq9mblzWbaW");

    public void Dispose() => Registry.Dispose();
}

/// <summary>commit, login, push and what other tools make of it, with a real registry.</summary>
public sealed class PushTests(LockedRegistry locked, BusyboxSandbox box) : IClassFixture<LockedRegistry>, IClassFixture<BusyboxSandbox>
{
    private string Address => locked.Registry.Address;

    [Fact]
    public void Committed_Pushed_PulledElsewhere_Runs()
    {
        var name = $"{Address}/team/made:v1";
        Commit(name);
        box.Vitrine("push", name).ShouldFail(1, "push access denied");
        box.VitrineWithInput("wrong", "login", "--username", "anna", "--password-stdin", Address).ShouldFail(1, "incorrect username or password");
        File.WriteAllText(Path.Join(Directory.CreateDirectory(box.Environment["DOCKER_CONFIG"]!).FullName, "config.json"), $$$"""{"auths":{"{{{Address}}}":{"auth":"{{{Convert.ToBase64String("anna:old"u8)}}}"} } }""");
        // The warning is for each login that is written down, and not for one that is there.
        foreach (var isWritten in (bool[])[true, false])
        {
            var login = box.VitrineWithInput("secret", "login", "--username", "anna", "--password-stdin", Address).ShouldSucceed();
            Assert.Equal(("Login Succeeded", isWritten), (login.Text, login.Stderr.Contains("stored unencrypted", StringComparison.Ordinal)));
        }

        var output = box.Ok("push", name);

        var inspected = Command.Run("skopeo", "inspect", "--tls-verify=false", "--creds", "anna:secret", $"docker://{name}").ShouldSucceed();
        using var json = JsonDocument.Parse(inspected.Stdout);
        Assert.Contains($"v1: digest: {json.RootElement.GetProperty("Digest").GetString()} size: ", output, StringComparison.Ordinal);
        Assert.Equal(2, json.RootElement.GetProperty("Layers").GetArrayLength());
        Assert.Contains("A=b c", json.RootElement.GetProperty("Env").EnumerateArray().Select(static item => item.GetString()));

        box.Ok("tag", name, $"{Address}/other/made:v1");
        Assert.Contains("Mounted from team/made", box.Ok("push", $"{Address}/other/made:v1"), StringComparison.Ordinal);
        Assert.Contains("vnd.oci.image.manifest", box.Ok("manifest", "inspect", name), StringComparison.Ordinal);

        using var other = new Sandbox();
        other.VitrineWithInput("secret", "login", "--username", "anna", "--password-stdin", Address).ShouldSucceed();
        other.Ok("pull", name);
        Assert.Equal("kept", other.Ok("run", "--rm", name));
        other.Vitrine("run", "--rm", name, "ls", "/etc/group").ShouldExit(1);
        Assert.Equal("b c", other.Ok("run", "--rm", name, "sh", "-c", "echo $A"));

        box.Ok("tag", name, $"{Address}/team/made:v2");
        box.Ok("push", "--all-tags", $"{Address}/team/made");
        other.Ok("pull", "--all-tags", "--quiet", $"{Address}/team/made");
        Assert.Contains($"{Address}/team/made:v2", other.Ok("images", "--format", "{{.Repository}}:{{.Tag}}"), StringComparison.Ordinal);

        box.Ok("manifest", "create", $"{Address}/team/list", name);
        box.Ok("manifest", "annotate", "--os-version", "12", $"{Address}/team/list", name);
        box.Ok("manifest", "push", "--purge", $"{Address}/team/list");
        Assert.Contains("\"os.version\": \"12\"", box.Ok("manifest", "inspect", $"{Address}/team/list"), StringComparison.Ordinal);
        other.Ok("pull", $"{Address}/team/list");

        Assert.Equal($"Removing login credentials for {Address}", box.Ok("logout", Address));
        box.Vitrine("push", name).ShouldFail(1, "push access denied");
    }

    [Fact]
    public void History_AndPrune_KnowTheCommit()
    {
        Commit("local/made:v1");
        var id = box.Ok("image", "inspect", "--format", "{{.Id}}", "local/made:v1");

        var history = box.Ok("history", "--no-trunc", "--format", "{{.ID}} {{.Comment}} {{.CreatedBy}}", "local/made:v1").Split('\n');
        box.Ok("tag", "busybox", "local/made:v1");
        var pruned = box.Ok("image", "prune", "--force");

        Assert.StartsWith($"{id} why sh -c echo kept", history[0], StringComparison.Ordinal);
        Assert.Contains($"deleted: {id}", pruned, StringComparison.Ordinal);
        Assert.Contains("Total reclaimed space: ", pruned, StringComparison.Ordinal);
        box.Ok("rmi", "local/made:v1");
        box.Ok("image", "inspect", "busybox");
    }

    [Fact]
    public void Search_OfARegistryWithoutOne_SaysSo() =>
        box.Vitrine("search", $"{Address}/word").ShouldFail(1, "has no search");

    private void Commit(string name)
    {
        var container = $"made-{Guid.NewGuid():N}";
        box.Ok("run", "--name", container, "busybox", "sh", "-c", "echo kept > /root/kept; rm /etc/group");
        box.Ok("commit", "--message", "why", "--author", "me", "--change", "CMD [\"cat\", \"/root/kept\"]", "--change", "ENV A=\"b c\"", container, name);
        box.Ok("rm", container);
    }
}
