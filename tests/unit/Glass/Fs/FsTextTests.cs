using System.Text;
using Vitrine.Glass.Fs;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Fs;

public sealed class FsTextTests
{
    [Theory]
    [InlineData("web", "web", "/")]
    [InlineData("web:/etc/passwd", "web", "/etc/passwd")]
    [InlineData("docker:web:/a:/b", "docker:web", "/a:/b")]
    [InlineData("docker:web", "docker:web", "/")]
    public void Split_PartsContainerAndPath(string text, string container, string path) => Assert.Equal((container, path), FsPlace.Split(text));

    [Theory]
    [InlineData(0x8000u | 0b000_110_100_100, "-rw-r--r--")]
    [InlineData(0x8000u | 0b100_111_101_101, "-rwsr-xr-x")]
    [InlineData(0x8000u | 0b110_110_100_100, "-rwSr-Sr--")]
    [InlineData(0x4000u | 0b001_111_111_111, "drwxrwxrwt")]
    [InlineData(0xA000u | 0b000_111_111_111, "lrwxrwxrwx")]
    [InlineData(0x2000u | 0b000_110_110_110, "crw-rw-rw-")]
    public void Mode_IsAsLsHasIt(uint mode, string text) => Assert.Equal(text, FileText.Mode(new FileStatus { Mode = mode }));

    [Theory]
    [InlineData(1764504000, "2025-11-30 12:00")]
    [InlineData(long.MaxValue, "9999-12-31 23:59")]
    [InlineData(long.MinValue, "0001-01-01 00:00")]
    public void Time_AnyNumber_IsADate(long seconds, string text) => Assert.Equal(text, FileText.Time(new FileTime(seconds, 0)));

    [Fact]
    public void Harmless_KeepsLinesAndLetters() =>
        Assert.Equal("one\ttwo ü\n\\x1b]0;x\\x07\\xff\n", FsCatVerb.Harmless([.. Encoding.UTF8.GetBytes("one\ttwo ü\n\u001b]0;x\a"), 0xff, (byte)'\n']));
}
