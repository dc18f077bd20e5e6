using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Hardening;

/// <summary>Where mounts land when the root filesystem lies about its paths; the oracle is the host's directory that must not be reached.</summary>
public sealed partial class MountTargetTests : IDisposable
{
    private const int CurrentDirectory = -100;
    private const uint Exchange = 2;

    private readonly string _outside = Directory.CreateTempSubdirectory("outside-").FullName;

    /// <summary>A link in the image leads to a directory of the host: mount(8) by path goes there, the runtime stays inside.</summary>
    [Fact]
    public void LinkInTheImage_IsFollowedInsideTheRoot()
    {
        using var bundle = new OciBundle();
        File.CreateSymbolicLink(bundle.InRoot("data/link"), _outside);
        var source = Directory.CreateDirectory(Path.Combine(bundle.Directory, "source")).FullName;
        File.WriteAllText(Path.Combine(source, "secret"), "");

        var naive = Command.Run("unshare", "--mount", "--propagation", "private", "sh", "-c", $"mount --bind {source} {bundle.InRoot("data/link")} && ls {_outside}");
        Assert.Equal("secret", naive.ShouldSucceed().Text);

        bundle.Mount($$"""{"destination": "/data/link", "type": "bind", "source": "source", "options": ["bind"]}""");
        var result = bundle.Run($"ls {_outside}; touch {_outside}/written");

        Assert.Equal("secret", result.ShouldSucceed().Text);
        Assert.Empty(Directory.GetFileSystemEntries(_outside));
        Assert.True(File.Exists(Path.Combine(source, "written")));
    }

    /// <summary>CVE-2021-30465: the target is exchanged for a link while the runtime is at it.</summary>
    [Fact]
    public void TargetThatIsExchangedMeanwhile_NeverLeadsOutside()
    {
        using var bundle = new OciBundle();
        Directory.CreateDirectory(Path.Combine(bundle.Directory, "source"));
        Directory.CreateDirectory(bundle.InRoot("data/race"));
        File.CreateSymbolicLink(bundle.InRoot("data/other"), "../../../../../../../.." + _outside);
        bundle.Mount("""{"destination": "/data/race", "type": "bind", "source": "source", "options": ["bind"]}""");
        var stop = false;
        var exchanges = 0;
        var racer = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
                exchanges += Rename(CurrentDirectory, bundle.InRoot("data/race"), CurrentDirectory, bundle.InRoot("data/other"), Exchange) == 0 ? 1 : 0;
        });
        racer.Start();
        try
        {
            for (var i = 0; i < 25; i++)
                bundle.Run("touch /data/race/touched");

            // Who looks that the target is no link, and then mounts on it by its path, is outside sooner or later.
            var naive = Command.Run("unshare", "--mount", "--propagation", "private", "timeout", "60", "sh", "-c", $"""
                cd {bundle.Directory}
                until mountpoint -q {_outside}; do
                  [ -L rootfs/data/race ] || mount --bind source rootfs/data/race 2>/dev/null
                done
                """);
            Assert.True(naive.ExitCode == 0, "the naive way was never led outside");
        }
        finally
        {
            Volatile.Write(ref stop, true);
            racer.Join();
        }

        Assert.True(exchanges > 25, $"only {exchanges} exchanges");
        Assert.Empty(Directory.GetFileSystemEntries(_outside));
    }

    /// <summary>CVE-2019-19921, CVE-2023-27561: a link where /proc or /sys belongs takes them out of reach of what masks them.</summary>
    [Theory]
    [InlineData("proc", "proc")]
    [InlineData("sys", "sysfs")]
    public void LinkInPlaceOfAKernelFilesystem_IsRefused(string name, string type)
    {
        using var bundle = new OciBundle();
        bundle.Mount($$"""{"destination": "/{{name}}", "type": "{{type}}", "source": "{{type}}"}""");
        bundle.Run("true").ShouldSucceed();
        Directory.Delete(bundle.InRoot(name));
        File.CreateSymbolicLink(bundle.InRoot(name), "data");

        // mount(8) follows the link: what would be masked below the name lies elsewhere.
        var naive = Command.Run("unshare", "--mount", "--propagation", "private", "sh", "-c",
            $"mount -t {type} {type} {bundle.InRoot(name)} && stat -f -c %T {bundle.InRoot("data")}");
        Assert.Equal(type, naive.ShouldSucceed().Text);

        var result = bundle.Run("true");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"'/{name}'", result.Stderr, StringComparison.Ordinal);
        Assert.Contains("ELOOP", result.Stderr, StringComparison.Ordinal);
    }

    /// <summary>CVE-2025-31133: an image's own /dev/null must be the null device, or masking would show what it hides.</summary>
    [Fact]
    public void DevicesOfTheImage_AreVerified()
    {
        using var bundle = new OciBundle();
        bundle.UnmountAll();
        bundle.Mount("""{"destination": "/proc", "type": "proc", "source": "proc"}""");
        bundle.Linux["maskedPaths"] = new System.Text.Json.Nodes.JsonArray("/proc/kcore", "/etc/secret");
        File.WriteAllText(bundle.InRoot("etc/secret"), "hidden");
        Assert.Equal("1:3 1:3", bundle.Run("echo $(stat -c %t:%T /etc/secret) $(stat -c %t:%T /dev/null); cat /etc/secret").ShouldSucceed().Text);

        File.Delete(bundle.InRoot("dev/null"));
        File.WriteAllText(bundle.InRoot("dev/null"), "");
        var result = bundle.Run("true");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("'/dev/null'", result.Stderr, StringComparison.Ordinal);

        // A link: who masks with what it leads to, opens that.
        var victim = Path.Combine(_outside, "victim");
        File.WriteAllText(victim, "");
        File.Delete(bundle.InRoot("dev/null"));
        File.CreateSymbolicLink(bundle.InRoot("dev/null"), victim);
        Assert.NotEqual(0, bundle.Run("echo reached >/etc/secret").ExitCode);
        Assert.Equal("", File.ReadAllText(victim));
        Command.Run("unshare", "--mount", "--propagation", "private", "sh", "-c",
            $"mount --bind {bundle.InRoot("dev/null")} {bundle.InRoot("etc/secret")} && echo reached >{bundle.InRoot("etc/secret")}").ShouldSucceed();
        Assert.Equal("reached\n", File.ReadAllText(victim));
    }

    /// <summary>CVE-2025-52565: the terminal is the devpts's that was mounted, not what the image has under its names.</summary>
    [Fact]
    public void Terminal_ComesFromADevptsOnly()
    {
        using var bundle = new OciBundle();
        bundle.Process["terminal"] = true;
        Assert.Contains("/dev/pts/0", OnTerminal(bundle).Text, StringComparison.Ordinal);

        bundle.UnmountAll();
        Directory.CreateDirectory(bundle.InRoot("dev/pts"));
        var victim = Path.Combine(_outside, "victim");
        File.WriteAllText(victim, "untouched");
        File.CreateSymbolicLink(bundle.InRoot("dev/pts/ptmx"), victim);

        // Who opens it by its path opens the host's file.
        Assert.Equal("untouched", Command.Run("cat", bundle.InRoot("dev/pts/ptmx")).ShouldSucceed().Text);
        var result = OnTerminal(bundle);

        Assert.DoesNotContain("/dev/pts/0", result.Text, StringComparison.Ordinal);
        Assert.Contains("open a terminal", result.Text, StringComparison.Ordinal);
        Assert.Equal("untouched", File.ReadAllText(victim));
    }

    /// <summary>CVE-2025-52881, CVE-2019-16884: what lies over a file of the host's /proc is not what is written to.</summary>
    [Fact]
    public void FileOverTheHostsProc_IsNotWrittenTo()
    {
        const string path = "/proc/sys/net/ipv4/ip_forward";
        using var bundle = new OciBundle();
        bundle.Linux["sysctl"] = new System.Text.Json.Nodes.JsonObject { ["net.ipv4.ip_forward"] = "1" };
        var decoy = Path.Combine(bundle.Directory, "decoy");
        File.WriteAllText(decoy, "untouched");
        string[] covered = ["unshare", "--mount", "--propagation", "private", "sh", "-c", $"mount --bind {decoy} {path} && exec \"$@\"", "sh"];

        Assert.Equal("1", bundle.Run($"cat {path}", covered).ShouldSucceed().Text);
        Assert.Equal("untouched", File.ReadAllText(decoy));

        // Who writes by the path writes to the decoy.
        Command.Run(covered[0], [.. covered[1..], "sh", "-c", $"echo 1 > {path}"]).ShouldSucceed();
        Assert.Equal("1\n", File.ReadAllText(decoy));
    }

    public void Dispose() => Directory.Delete(_outside, recursive: true);

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = System.Runtime.InteropServices.StringMarshalling.Utf8)]
    private static partial int Rename(int fromDirectory, string from, int toDirectory, string to, uint flags);

    private static CommandResult OnTerminal(OciBundle bundle) => bundle.RunOnTerminal("tty; ls -l /dev/console");
}
