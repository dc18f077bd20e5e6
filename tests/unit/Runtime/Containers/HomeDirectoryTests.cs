using System.Diagnostics;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime.Containers;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime.Containers;

public sealed class HomeDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public HomeDirectoryTests() => Directory.CreateDirectory(_root["etc"]);

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("root:x:0:0:root:/root:/bin/sh\nweb:x:33:33::/srv:/bin/sh\n", "HOME=/srv")]
    [InlineData("root:x:0:0:root:/root:/bin/sh\n", "HOME=/")]
    [InlineData("", "HOME=/")]
    [InlineData(null, "HOME=/")]
    public void Home_IsThatOfTheImagesUser(string? users, string home)
    {
        if (users is not null)
            File.WriteAllText(_root["etc/passwd"], users);
        Assert.Equal(home, Home());
    }

    /// <summary>An image is anybody's: what is no file has no users in it, and nothing waits for it.</summary>
    [Theory]
    [InlineData("mkdir")]
    [InlineData("mkfifo")]
    public void Home_WhereTheListOfUsersIsNoFile_IsTheRoot(string maker)
    {
        using (var made = Process.Start(maker, _root["etc/passwd"]))
            made.WaitForExit();
        Assert.Equal("HOME=/", Home());
    }

    private string Home() => Assert.Single(HomeDirectory.Add(new ProcessSpec { Args = ["true"], Cwd = "/", User = new User { Uid = 33 } }, _root.Path).Env!);
}
