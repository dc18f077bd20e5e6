using System.Runtime.CompilerServices;
using Vitrine.Glass.Script;
using Vitrine.Insight.ByHand;
using Vitrine.Tests.Unit.Insight;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Script;

/// <summary>The script for the sample container. The golden file beside this one is written anew with VITRINE_UPDATE_GOLDEN=1.</summary>
public sealed class HandScriptTests
{
    [Fact]
    public void Write_SampleContainer_IsAsTheGoldenFile()
    {
        using var host = SampleContainer.Host();
        var script = new HandScript(host.Plan(SampleContainer.Pid, SampleContainer.HintsWithSpec(host))).Write();

        var golden = Path.Combine(Beside(), "script.sh");
        if (Environment.GetEnvironmentVariable("VITRINE_UPDATE_GOLDEN") == "1")
            File.WriteAllText(golden, script);
        Assert.Equal(File.ReadAllText(golden), script);
    }

    [Theory]
    [InlineData("correct horse")]
    [InlineData("s3cr3t")]
    [InlineData("AB12-CD34-EF56")]
    public void Write_Secrets_OnlyWhereTheyAreRevealed(string secret)
    {
        using var host = SampleContainer.Host();

        Assert.DoesNotContain(secret, new HandScript(host.Plan(SampleContainer.Pid)).Write(), StringComparison.Ordinal);
        Assert.Contains(secret, new HandScript(host.Plan(SampleContainer.Pid, reveal: true)).Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HostileNames_StayComments()
    {
        using var host = SampleContainer.Host();

        var script = new HandScript(host.Plan(SampleContainer.Pid) with { Name = "x\nrm -rf /\u001b[2J", Missing = ["a\r\nreboot"] }).Write();

        Assert.DoesNotContain('\u001b', script);
        Assert.DoesNotContain("\nrm -rf", script, StringComparison.Ordinal);
        Assert.DoesNotContain("\nreboot", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HostsRoot_NeitherPivotsNorCopiesTools()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 30, Namespaces = new() { ["uts"] = 5, ["mnt"] = 6 } });

        var script = new HandScript(host.Plan(30)).Write();

        Assert.DoesNotContain("pivot_root", script, StringComparison.Ordinal);
        Assert.DoesNotContain("ldd", script, StringComparison.Ordinal);
        Assert.Contains("unshare --uts --mount", script, StringComparison.Ordinal);
    }

    /// <summary>The kernel takes a page of options: hundred layers of Docker's are named from their directory.</summary>
    [Fact]
    public void Write_ManyLayers_AreNamedFromTheirDirectory()
    {
        using var host = SampleContainer.Host();
        var plan = host.Plan(SampleContainer.Pid, SampleContainer.HintsWithSpec(host));
        var layers = Enumerable.Range(0, 100).Select(number => $"/var/lib/docker/overlay2/l/ABCDEFGHIJKLMNOPQRSTUVW{number:d3}").ToList();

        var script = new HandScript(plan with { Root = new HandRoot { Layers = layers } }).Write();

        Assert.Contains("\n( cd /var/lib/docker/overlay2/l/ && mount -t overlay -o \"lowerdir=$LAYERS,", script, StringComparison.Ordinal);
        Assert.Contains("LAYERS=ABCDEFGHIJKLMNOPQRSTUVW000:ABCDEFGHIJKLMNOPQRSTUVW001:", script, StringComparison.Ordinal);
    }

    /// <summary>runc's masks are binds of the container's own /dev/null: the node must be there before them.</summary>
    [Fact]
    public void Write_MaskFromItsOwnDevNull_MakesTheNodeFirst()
    {
        using var host = SampleContainer.Host();
        var plan = host.Plan(SampleContainer.Pid, SampleContainer.HintsWithSpec(host));
        var mask = new HandMount { Kind = HandMountKind.Within, Destination = "/proc/keys", Source = "/dev/null", IsFile = true, Flags = [], Why = "" };
        var node = new HandNode { Path = "/dev/null", Type = 'c', Major = 1, Minor = 3, Permissions = 438 };

        var script = new HandScript(plan with { Mounts = [.. plan.Mounts, mask], Nodes = [node] }).Write();

        Assert.InRange(script.IndexOf("mknod -m 666 \"$ROOT\"/dev/null c 1 3\n", StringComparison.Ordinal), 1, script.IndexOf("mount --bind \"$ROOT\"/dev/null", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("plain/word-1.0", "plain/word-1.0")]
    [InlineData("", "''")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$(reboot)`;&", "'$(reboot)`;&'")]
    [InlineData("a\nb", "'a\nb'")]
    [InlineData("\u001b]0;x\a", @"""$(printf %b '\033]0;x\07')""")]
    [InlineData("\u009b2J", @"""$(printf %b '\0302\02332J')""")]
    [InlineData("\u0001\\n\n", "\"$(printf %b '\\01\\\\n')\"'\n'")]
    public void Quote_AnyText_IsOneWord(string text, string word) => Assert.Equal(word, ShellText.Quote(text));

    [Fact]
    public void Commands_OfAMount_ChangeOnlyTheMountWhereItIsReadOnly()
    {
        var mount = new HandMount { Kind = HandMountKind.New, Destination = "/sys", FileSystem = "sysfs", Source = "sysfs", Flags = ["ro", "nosuid"], Why = "" };

        Assert.Equal(["mount -t sysfs -o nosuid sysfs \"$ROOT\"/sys"], MountScript.Make(mount, directory => directory));
        Assert.Equal("mount -o remount,bind,ro,nosuid \"$ROOT\"/sys", MountScript.Change(mount));
        Assert.Null(MountScript.Change(mount with { Flags = ["nosuid"] }));
    }

    private static string Beside([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
