using Vitrine.Engine.Bundle;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Bundle;

public sealed class UserResolverTests
{
    private const string Passwd = """
        root:x:0:0:root:/root:/bin/sh
        # a comment

        broken
        www:x:33:33:www:/var/www:/usr/sbin/nologin
        1000:x:2000:2000::/home/named-like-a-number:/bin/sh
        nohome:x:7:7
        """;

    private const string Group = """
        root:x:0:
        wheel:x:10:root,www
        www:x:33:
        video:x:44:www
        """;

    private readonly UserResolver _resolver = new(Passwd, Group);

    [Theory]
    [InlineData("", 0, 0, "0,10", "/root")]
    [InlineData("root", 0, 0, "0,10", "/root")]
    [InlineData("www", 33, 33, "33,10,44", "/var/www")]
    [InlineData("33", 33, 33, "33,10,44", "/var/www")]
    [InlineData("www:video", 33, 44, "44", "/var/www")]
    [InlineData("www:99", 33, 99, "99", "/var/www")]
    [InlineData("4711", 4711, 0, "0", "/")]
    [InlineData("4711:33", 4711, 33, "33", "/")]
    [InlineData("1000", 2000, 2000, "2000", "/home/named-like-a-number")]
    [InlineData("nohome", 7, 7, "7", "/")]
    [InlineData(":wheel", 0, 10, "10", "/root")]
    public void Resolve_Specification_FindsWhoThatIs(string specification, uint uid, uint gid, string groups, string home)
    {
        var user = _resolver.Resolve(specification);

        Assert.Equal((uid, gid, groups, home), (user.Uid, user.Gid, string.Join(',', user.Groups), user.Home));
    }

    [Theory]
    [InlineData("nobody", "unable to find user nobody: no matching entries in passwd file")]
    [InlineData("www:staff", "unable to find group staff: no matching entries in group file")]
    [InlineData("-1", "uids and gids must be in range 0-2147483647")]
    [InlineData("2147483648", "uids and gids must be in range 0-2147483647")]
    [InlineData("www:2147483648", "uids and gids must be in range 0-2147483647")]
    public void Resolve_UnknownOrOutOfRange_SaysWhatDockerSays(string specification, string expected)
    {
        var error = Assert.Throws<VitrineException>(() => _resolver.Resolve(specification));

        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void Resolve_GroupAdd_TakesNamesAndNumbers()
    {
        var user = _resolver.Resolve("4711", ["video", "5000", "video"]);

        Assert.Equal([0u, 44u, 5000u], user.Groups);
    }

    [Fact]
    public void Resolve_ImageWithoutAccountFiles_StillHasRoot()
    {
        var user = new UserResolver("", "").Resolve("");

        Assert.Equal((0u, 0u, "/"), (user.Uid, user.Gid, user.Home));
    }

    [Fact]
    public void Resolve_AnyText_EitherResolvesOrSaysWhy()
    {
        Prop.ForAll<string, string>((text, specification) =>
        {
            try
            {
                var user = new UserResolver(text ?? "", text ?? "").Resolve(specification ?? "");
                Assert.NotEmpty(user.Groups);
            }
            catch (VitrineException)
            {
            }
        }).QuickCheckThrowOnFailure();
    }
}
