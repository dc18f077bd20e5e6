using System.Text;
using Vitrine.Tests.Integration.Images;
using Xunit;

namespace Vitrine.Tests.Integration.Api;

/// <summary>Pull and push through the socket, with Debian's registry behind a password on loopback.</summary>
public sealed class RegistryCallTests(LockedRegistry locked, ApiSandbox box) : IClassFixture<LockedRegistry>, IClassFixture<ApiSandbox>
{
    private string Address => locked.Registry.Address;

    [Fact]
    public void DockerCli_LogsIn_Pushes_AndPulls()
    {
        var image = $"{Address}/team/app:v1";
        box.DockerOk("tag", "busybox", image);
        Assert.NotEqual(0, box.Docker("push", image).ExitCode);
        Assert.Contains("unauthorized", box.DockerWithInput("wrong", "login", "--username", "anna", "--password-stdin", Address).ShouldExit(1).Stderr, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Login Succeeded", box.DockerWithInput("secret", "login", "--username", "anna", "--password-stdin", Address).ShouldSucceed().Stdout, StringComparison.Ordinal);

        var pushed = box.DockerOk("push", image);
        Assert.Matches("v1: digest: sha256:[0-9a-f]{64} size: [0-9]+", pushed);
        box.DockerOk("rmi", image);
        Assert.Contains("Downloaded newer image", box.DockerOk("pull", image), StringComparison.Ordinal);

        Assert.Equal("pulled", box.DockerOk("run", "--rm", "--network", "none", image, "echo", "pulled"));
        Assert.Contains(box.Inspect(image, "{{.Id}}")["sha256:".Length..][..12], box.DockerOk("images", "--quiet", $"{Address}/team/app"), StringComparison.Ordinal);
        box.DockerOk("rmi", image);
        box.DockerOk("logout", Address);
        // The login was the client's: the server has kept nothing of it, and the client is not made to ask for one.
        box.DockerWithInput("", "pull", image).ShouldFail(1, "pull access denied");
    }

    [Fact]
    public void Header_IsTheLogin_OfThisCallAlone()
    {
        var image = locked.Registry.Push("busybox", "team/header", "anna:secret").Replace(":latest", "", StringComparison.Ordinal);
        var path = $"/images/create?fromImage={Uri.EscapeDataString(image)}&tag=latest";

        Assert.Contains("\"error\"", Post(path, "e30="), StringComparison.Ordinal);
        Assert.Contains("\"error\"", Post(path, Login("wrong")), StringComparison.Ordinal);
        Assert.Contains("Downloaded newer image", Post(path, Login("secret")), StringComparison.Ordinal);
        Assert.Contains("invalid X-Registry-Auth", Post(path, "!!!"), StringComparison.Ordinal);
        var (status, distribution) = Get($"/distribution/{image}/json", Login("secret"));
        Assert.Equal(200, status);
        Assert.Contains("sha256:", distribution, StringComparison.Ordinal);
        Assert.NotEqual(200, Get($"/distribution/{image}/json", null).Status);
        box.DockerOk("rmi", $"{image}:latest");
    }

    private string Login(string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes(
        $$"""{"username":"anna","password":"{{password}}","serveraddress":"{{Address}}"}""")).Replace('+', '-').Replace('/', '_');

    /// <summary>What the server answers: progress, or an error in it or in its place.</summary>
    private string Post(string path, string login)
    {
        var (status, body) = Send(HttpMethod.Post, path, login);
        return status == 200 ? body : $"\"error\" {body}";
    }

    private (int Status, string Body) Get(string path, string? login) => Send(HttpMethod.Get, path, login);

    private (int Status, string Body) Send(HttpMethod method, string path, string? login)
    {
        using var client = box.Client();
        using var request = new HttpRequestMessage(method, path);
        if (login is not null)
            request.Headers.Add("X-Registry-Auth", login);
        using var answer = client.Send(request);
        return ((int)answer.StatusCode, answer.Content.ReadAsStringAsync().Result);
    }
}
