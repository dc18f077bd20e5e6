using System.Text.Json.Nodes;
using Xunit;

namespace Vitrine.Tests.Conformance.Process;

/// <summary>config.md, Process: what it is, as it sees itself.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    private JsonNode Process => _bundle.Spec["process"]!;

    [Fact]
    public void User_GroupsAndUmask()
    {
        Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1001, ["umask"] = 0x3F, ["additionalGids"] = new JsonArray(5, 7) };
        Assert.Equal("1000 1001 0077", _bundle.Say("echo $(id -u) $(id -g) $(umask)"));
        Assert.Equal("5 7", _bundle.Say("grep ^Groups /proc/self/status | cut -f2 | sed 's/1001 //;s/ *$//'"));
    }

    [Fact]
    public void EnvironmentAndDirectory_AreTheConfigurations()
    {
        Process["env"] = new JsonArray("PATH=/bin", "A=1", "HOME=/h");
        Process["cwd"] = "/tmp";
        Assert.Equal("A=1 HOME=/h PATH=/bin /tmp", _bundle.Say("echo $(tr '\\0' '\\n' </proc/1/environ | sort) $(pwd)"));
    }

    [Fact]
    public void Home_ThatIsNotConfigured_IsTheUsers()
    {
        var root = _bundle.OwnRoot();
        File.WriteAllText($"{root}/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/of/user:/bin/sh\n");
        Assert.Equal("/root", _bundle.Say("echo $HOME"));
        Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        Assert.Equal("/home/of/user", _bundle.Say("echo $HOME"));
    }

    [Fact]
    public void WorkingDirectory_ThatIsMissing_IsMade()
    {
        _bundle.OwnRoot();
        Process["cwd"] = "/made/for/it";
        Assert.Equal("/made/for/it", _bundle.Say("pwd"));
    }

    [Fact]
    public void Limits_AreSet()
    {
        Process["rlimits"] = new JsonArray(
            new JsonObject { ["type"] = "RLIMIT_NOFILE", ["soft"] = 100, ["hard"] = 200 }, new JsonObject { ["type"] = "RLIMIT_CORE", ["soft"] = 0, ["hard"] = 0 });
        Assert.Equal("100 200 0", _bundle.Say("echo $(ulimit -Sn) $(ulimit -Hn) $(ulimit -c)"));
    }

    [Fact]
    public void OomScoreAdjustment_IsSet()
    {
        Process["oomScoreAdj"] = 500;
        Assert.Equal("500", _bundle.Say("cat /proc/self/oom_score_adj"));
    }

    [Fact]
    public void NoNewPrivileges_IsSetOrNot()
    {
        Assert.Equal("1", _bundle.Say("grep NoNewPrivs /proc/self/status | cut -f2"));
        Process["noNewPrivileges"] = false;
        Assert.Equal("0", _bundle.Say("grep NoNewPrivs /proc/self/status | cut -f2"));
    }

    [Fact]
    public void Capabilities_AreExactlyTheConfigurations()
    {
        var two = new JsonArray("CAP_CHOWN", "CAP_KILL");
        Process["capabilities"] = new JsonObject { ["bounding"] = two.DeepClone(), ["permitted"] = two.DeepClone(), ["effective"] = new JsonArray("CAP_CHOWN") };
        const string mask = "0000000000000021";
        // The kernel gives root at execve all that is permitted.
        Assert.Equal($"0000000000000000 {mask} {mask} {mask} 0000000000000000",
            _bundle.Say("echo $(grep ^Cap /proc/1/status | cut -f2)").Replace("\n", " ", StringComparison.Ordinal));
    }

    [Fact]
    public void Seccomp_DeniesWhatItSays_AndNothingElse()
    {
        _bundle.Spec["linux"]!["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["architectures"] = new JsonArray("SCMP_ARCH_X86_64"),
            ["syscalls"] = new JsonArray(new JsonObject
            {
                ["names"] = new JsonArray("mkdir", "mkdirat"), ["action"] = "SCMP_ACT_ERRNO", ["errnoRet"] = 13,
            }),
        };
        _bundle.AddMount("/tmp", "tmpfs", "tmpfs");
        Assert.Equal("2 file denied", _bundle.Say(
            "echo $(grep ^Seccomp: /proc/self/status | cut -f2) $(touch /tmp/x && echo file) $(mkdir /tmp/d 2>&1 | grep -q 'Permission denied' && echo denied)"));
    }

    [Fact]
    public void Sysctl_OfANamespace_IsSet()
    {
        _bundle.Spec["linux"]!["sysctl"] = new JsonObject { ["net.ipv4.ip_forward"] = "1", ["kernel.msgmax"] = "4096" };
        Assert.Equal("1 4096", _bundle.Say("echo $(cat /proc/sys/net/ipv4/ip_forward) $(cat /proc/sys/kernel/msgmax)"));
    }

    [Fact]
    public void Descriptors_OfTheRuntime_AreNotPassedOn()
    {
        // The last is the one that ls reads the directory by.
        Process["args"] = new JsonArray("ls", "/proc/self/fd");
        Assert.Equal(["0", "1", "2", "3"], _bundle.Runtime("run", "--bundle", _bundle.Path, _bundle.Id).ShouldSucceed().Lines);
    }
}
