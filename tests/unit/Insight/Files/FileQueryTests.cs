using Vitrine.Insight.Files;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Files;

public sealed class FileQueryTests
{
    private static readonly FileItem s_file = new("/usr/bin/su", new FileStatus { Mode = 0x8000 | 0b100_111_101_101, Size = 2000, Uid = 100000, Gid = 5, Modified = new FileTime(1000, 0) });

    [Theory]
    [InlineData("*", true)]
    [InlineData("su", true)]
    [InlineData("s?", true)]
    [InlineData("[a-s]u", true)]
    [InlineData("[!a-r]*", true)]
    [InlineData("*s*u*", true)]
    [InlineData("S*", false)]
    [InlineData("s", false)]
    [InlineData("su?", false)]
    [InlineData("[^s]u", false)]
    [InlineData("", false)]
    public void IsMatch_AsAShell(string pattern, bool matches) => Assert.Equal(matches, FileQuery.IsMatch("su", pattern));

    [Theory]
    [InlineData(@"a\*", "a*", true)]
    [InlineData(@"a\*", "ab", false)]
    [InlineData("[", "[", true)]
    [InlineData("[]x]", "]", true)]
    [InlineData("*.log", "a.log.log", true)]
    [InlineData("****************************b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void IsMatch_OddPatterns(string pattern, string name, bool matches) => Assert.Equal(matches, FileQuery.IsMatch(name, pattern));

    [Fact]
    public void Matches_WhatIsAsked()
    {
        Assert.True(new FileQuery().Matches(s_file));
        Assert.True(new FileQuery { Kinds = [FileKind.Regular], LargerThan = 1999, SmallerThan = 2001, AllPermissions = 0b100_000_000_000, User = 100000, Group = 5, ModifiedAfter = 1000, ModifiedBefore = 1001 }.Matches(s_file));
        Assert.False(new FileQuery { Kinds = [FileKind.Directory, FileKind.Symlink] }.Matches(s_file));
        Assert.False(new FileQuery { LargerThan = 2000 }.Matches(s_file));
        Assert.False(new FileQuery { ModifiedAfter = 1001 }.Matches(s_file));
        Assert.False(new FileQuery { AllPermissions = 0b110_000_000_000 }.Matches(s_file));
        Assert.True(new FileQuery { AnyPermission = 0b110_000_000_000 }.Matches(s_file));
        Assert.False(new FileQuery { User = 0 }.Matches(s_file));
        Assert.False(new FileQuery { AnyPermission = 2 }.Matches(new FileItem("/l", new FileStatus { Mode = 0xA000 | 0b111_111_111 }, "x")));
    }
}
