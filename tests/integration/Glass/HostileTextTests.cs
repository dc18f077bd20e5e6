using System.Text;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>
/// A container that names everything it can to harm who looks at it: escape sequences, C1 controls, marks of direction, bytes that are
/// no UTF-8. None of it reaches a terminal.
/// </summary>
public sealed class HostileTextTests : IClassFixture<BusyboxSandbox>, IDisposable
{
    /// <summary>Title, colour, C1's CSI, a right-to-left override, an Arabic mark, a tag, and half of a character.</summary>
    private const string Evil = @"\033]0;owned\007\033[31mred\302\2332J\342\200\256left\330\234\363\240\201\201\377";

    private readonly BusyboxSandbox _box;

    public HostileTextTests(BusyboxSandbox box)
    {
        _box = box;
        // Arguments and variables are set by a shell inside: how a test passes bytes that are no text is no matter then.
        box.Ok("run", "-d", "--name", "hostile", "--network", "none", "--hostname", "hostile", "busybox", "sh", "-c",
            $"""
            evil=$(printf '{Evil}'); mkdir -p "/tmp/d/dir$evil"; echo x >"/tmp/d/file$evil"; ln -s "to$evil" /tmp/d/link; cp /bin/busybox "/tmp/busybox$evil"
            ln -s sh /tmp/sh; export "EVIL=$evil"; printf 'ready' >/ready; exec "/tmp/busybox$evil" sh -c 'sleep 600; true' "argument$evil"
            """);
        Eventually.True(() => File.Exists($"/proc/{box.Pid("hostile")}/root/ready") && File.ReadAllText($"/proc/{box.Pid("hostile")}/cmdline").Contains("argument", StringComparison.Ordinal), "the container has named its files", 60);
    }

    public void Dispose() => _box.Vitrine("rm", "--force", "hostile");

    /// <summary>What shows foreign text, and a part of what is hostile that must be there, made visible.</summary>
    public static TheoryData<string, string> Views => new()
    {
        { "explain hostile", @"\x1b[31mred" },
        { "explain --json hostile", @"\u001B[31mred" },
        { "explain --diff host hostile", @"\x1b[31mred" },
        { "explain --script hostile", @"\033[31mred" },
        { "audit hostile", "" },
        { "audit --json hostile", "" },
        { "audit --sarif hostile", "" },
        { "host ps --no-trunc", @"argument\x1b]0;owned\x07" },
        { "host ps --json", @"argument\u001B]0;owned\u0007" },
        { "host ps --no-trunc --format {{.Command}}", @"argument\x1b" },
        { "ns ls", @"argument\x1b" },
        { "ns ls --json", @"argument\u001B" },
        { "ns show hostile", "" },
        { "cgroup ls --processes", "" },
        { "fs ls hostile:/tmp/d", @"\x1b[31mred" },
        { "fs ls -l hostile:/tmp/d", @"to\x1b" },
        { "fs ls --json hostile:/tmp/d", @"\\x1b[31mred" },
        { "fs find hostile", @"\x1b[31mred" },
        { "fs find --json hostile", @"\\x1b[31mred" },
        { "fs diff hostile", @"\x1b[31mred" },
        { "fs diff --json hostile", @"\\x1b[31mred" },
        { "caps show hostile", "" },
        { "lsm show hostile", "" },
        { "seccomp show hostile", "" },
        { "--debug fs cat hostile:/tmp/d/link", "" },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public void View_MakesEverythingVisible(string view, string visible)
    {
        var shown = Bytes(view.Split(' '));

        Assert.Contains(visible, Encoding.UTF8.GetString(shown), StringComparison.Ordinal);
        AssertHarmless(shown);
    }

    [Fact]
    public void Watching_MakesEverythingVisible()
    {
        using var watch = _box.Start("host", "ps", "--watch", "--interval", "100ms", "--no-trunc");
        var shown = new StringBuilder();
        while (watch.StandardOutput.ReadLine() is { } line)
        {
            shown.AppendLine(line);
            if (line.Contains(@"argument\x1b", StringComparison.Ordinal))
                break;
        }

        Command.Run("kill", "-INT", $"{watch.Id}").ShouldSucceed();
        shown.Append(watch.StandardOutput.ReadToEnd());

        Assert.True(watch.WaitForExit(TimeSpan.FromSeconds(60)));
        AssertHarmless(Encoding.UTF8.GetBytes(shown.ToString()));
    }

    /// <summary>Errors quote what was asked for, and what a container answers.</summary>
    [Theory]
    [InlineData("explain", "E")]
    [InlineData("audit", "E")]
    [InlineData("audit", "--rule", "E")]
    [InlineData("host", "ps", "--filter", "E")]
    [InlineData("fs", "ls", "hostile:/E")]
    [InlineData("fs", "cat", "hostile:/tmp/d/E")]
    [InlineData("cgroup", "get", "hostile", "E")]
    [InlineData("caps", "decode", "E")]
    [InlineData("seccomp", "test", "E", "hostile")]
    [InlineData("debug", "hostile", "E")]
    [InlineData("ns", "enter", "hostile", "E")]
    [InlineData("exec", "hostile", "E")]
    [InlineData("E")]
    [InlineData("--E")]
    public void Error_MakesEverythingVisible(params string[] words)
    {
        const string Hostile = "\u001b]0;owned\u0007\u001b[31mred\u009b2J\u202eleft";
        var failed = _box.Vitrine(words.Select(word => word.Replace("E", Hostile, StringComparison.Ordinal)));

        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains(@"\x1b[31mred\x", failed.Stderr, StringComparison.Ordinal);
        AssertHarmless(Encoding.UTF8.GetBytes(failed.Stdout + failed.Stderr));
    }

    private byte[] Bytes(params IEnumerable<string> arguments)
    {
        using var process = Command.Start("sh", ["-c", "exec \"$@\" 2>&1", "sh", Repository.Binary("vitrine"), .. arguments], _box.Environment);
        using var buffer = new MemoryStream();
        Assert.True(process.StandardOutput.BaseStream.CopyToAsync(buffer).Wait(TimeSpan.FromSeconds(60)));
        return buffer.ToArray();
    }

    private static void AssertHarmless(byte[] bytes)
    {
        Assert.NotEmpty(bytes);
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        Assert.Empty(text.EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format && rune.Value is not ('\n' or '\t')).Select(rune => $"U+{rune.Value:X4}"));
    }
}
