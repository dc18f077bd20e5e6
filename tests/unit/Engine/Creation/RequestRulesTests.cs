using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Creation;

public sealed class RequestRulesTests
{
    private static readonly ContainerConfig Fine = new() { Cmd = ["true"] };

    public static TheoryData<ContainerConfig, string> WrongConfigs => new()
    {
        { new(), "no command specified" },
        { Fine with { WorkingDir = "srv" }, "the working directory 'srv' is invalid, it needs to be an absolute path" },
        { Fine with { StopSignal = "SIGNOPE" }, "invalid signal: SIGNOPE" },
        { Fine with { Env = ["=x"] }, "invalid environment variable: =x" },
        { Fine with { Env = [""] }, "invalid environment variable: " },
        { Fine with { Hostname = new string('a', 65) }, "invalid hostname: " + new string('a', 65) },
        { Fine with { Cmd = ["a\0b"] }, "a NUL byte cannot be in an argument or a variable" },
    };

    public static TheoryData<HostConfig, string> WrongHosts => new()
    {
        { new() { AutoRemove = true, RestartPolicy = new() { Name = "always" } }, "can't create 'AutoRemove' container with restart policy" },
        { new() { RestartPolicy = new() { Name = "always", MaximumRetryCount = 1 } }, "invalid restart policy: maximum retry count can only be used with 'on-failure'" },
        { new() { RestartPolicy = new() { Name = "no", MaximumRetryCount = -1 } }, "invalid restart policy: maximum retry count can only be used with 'on-failure' and cannot be negative" },
        { new() { RestartPolicy = new() { Name = "on-failure", MaximumRetryCount = -1 } }, "invalid restart policy: maximum retry count cannot be negative" },
        { new() { RestartPolicy = new() { Name = "never" } }, "invalid restart policy: unknown policy 'never'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'" },
        { new() { CapAdd = ["net_magic"] }, "invalid CapAdd: unknown capability: \"CAP_NET_MAGIC\"" },
        { new() { CapDrop = ["CAP_NOPE"] }, "invalid CapDrop: unknown capability: \"CAP_NOPE\"" },
        { new() { PidMode = "own" }, "invalid PID mode: own" },
        { new() { PidMode = "container:" }, "invalid PID mode: container:" },
        { new() { IpcMode = "mine" }, "invalid IPC mode: mine" },
        { new() { UtsMode = "private" }, "invalid UTS mode: private" },
        { new() { CgroupnsMode = "shared" }, "invalid cgroup namespace mode: shared" },
        { new() { UsernsMode = "auto" }, "invalid user namespace mode: auto" },
        { new() { NetworkMode = "container:" }, "invalid container format container:<name|id>" },
        { new() { PortBindings = new Dictionary<string, IReadOnlyList<PortBinding>?> { ["x/tcp"] = [] } }, "invalid port specification: \"x/tcp\"" },
        { new() { NetworkMode = "container:x", Dns = ["1.1.1.1"] }, "conflicting options: dns and the network mode" },
        { new() { NetworkMode = "container:x", Links = ["a:b"] }, "conflicting options: container type network can't be used with links. This would result in undefined behavior" },
        { new() { NetworkMode = "container:x", ExtraHosts = ["a:1.2.3.4"] }, "conflicting options: custom host-to-IP mapping and the network mode" },
        { new() { ExtraHosts = ["nohost"] }, "bad format for add-host: \"nohost\"" },
        { new() { ExtraHosts = ["a:1.2.3.4.5"] }, "invalid IP address in add-host: \"1.2.3.4.5\"" },
        { new() { Dns = ["one.one"] }, "one.one is not an ip address" },
        { new() { Sysctls = One("kernel.panic", "1") }, "sysctl 'kernel.panic' is not allowed" },
        { new() { Sysctls = One("net.ipv4.ip_forward", "1"), NetworkMode = "host" }, "sysctl 'net.ipv4.ip_forward' not allowed in host network namespace" },
        { new() { Sysctls = One("kernel.msgmax", "1"), IpcMode = "host" }, "sysctl 'kernel.msgmax' not allowed in host ipc namespace" },
        { new() { Devices = [new() { PathOnHost = "dev/null" }] }, "dev/null is not an absolute path" },
        { new() { Devices = [new() { PathOnHost = "/dev/null", CgroupPermissions = "rx" }] }, "bad mode specified: rx" },
        { new() { DeviceCgroupRules = ["c 1:x rwm"] }, "invalid device cgroup rule format: 'c 1:x rwm'" },
        { new() { SecurityOpt = ["seccomp"] }, "invalid --security-opt: \"seccomp\"" },
        { new() { SecurityOpt = ["nonsense=1"] }, "invalid --security-opt: \"nonsense=1\"" },
        { new() { LogConfig = new() { Type = "gelf" } }, "logger: no log driver named 'gelf' is registered" },
        { new() { LogConfig = new() { Config = One("max-size", "lots") } }, "invalid size: 'lots'" },
        { new() { LogConfig = new() { Config = One("max-file", "0") } }, "max-file must be a number of at least 1: '0'" },
        { new() { LogConfig = new() { Config = One("colour", "red") } }, "unknown log opt 'colour' for json-file log driver" },
        { new() { CgroupParent = "/a/../b" }, "invalid cgroup parent: /a/../b" },
        { new() { VolumeDriver = "nfs" }, "volume driver nfs not found: only local is supported" },
    };

    [Theory]
    [MemberData(nameof(WrongConfigs))]
    public void CheckConfig_WrongConfig_SaysWhatDockerSays(ContainerConfig config, string expected)
    {
        var problems = new Problems();

        RequestRules.CheckConfig(config, problems);

        Assert.Equal([expected], problems.Errors);
    }

    [Theory]
    [MemberData(nameof(WrongHosts))]
    public void CheckHost_WrongHost_SaysWhatDockerSays(HostConfig host, string expected)
    {
        var problems = new Problems();

        RequestRules.CheckHost(Fine, host, problems);

        Assert.Equal([expected], problems.Errors);
    }

    [Fact]
    public void CheckHost_HardwareAddressInAnothersNetwork_Conflicts()
    {
        var problems = new Problems();

        RequestRules.CheckHost(Fine with { MacAddress = "02:00:00:00:00:01" }, new HostConfig { NetworkMode = "container:x" }, problems);

        Assert.Equal(["conflicting options: mac-address and the network mode"], problems.Errors);
    }

    [Fact]
    public void CheckHost_HostnameWithHostUts_Conflicts()
    {
        var problems = new Problems();

        RequestRules.CheckHost(Fine with { Hostname = "box" }, new HostConfig { UtsMode = "host" }, problems);

        Assert.Equal(["conflicting options: hostname and the UTS mode"], problems.Errors);
    }

    [Theory]
    [InlineData("no-new-privileges", true, null)]
    [InlineData("no-new-privileges=false", false, null)]
    [InlineData("no-new-privileges:true", true, null)]
    [InlineData("seccomp=unconfined", null, "unconfined")]
    [InlineData("seccomp:unconfined", null, "unconfined")]
    [InlineData("seccomp=builtin", null, null)]
    public void SecurityOptions_KnownOption_IsRead(string option, bool? noNewPrivileges, string? seccomp)
    {
        var problems = new Problems();

        var options = SecurityOptions.Parse(new HostConfig { SecurityOpt = [option] }, problems);

        Assert.Empty(problems.Errors);
        Assert.Equal(noNewPrivileges, options.NoNewPrivileges);
        Assert.Equal(seccomp, options.Seccomp);
    }

    [Theory]
    [InlineData("10m", 10L << 20)]
    [InlineData("1.5k", 1536)]
    [InlineData("2G", 2L << 30)]
    [InlineData("7", 7)]
    [InlineData("-1", 0)]
    public void LogSettings_Size_IsReadAsGoUnitsDoes(string text, long bytes)
    {
        Assert.True(LogSettings.TryParseSize(text, out var parsed));
        Assert.Equal(bytes, parsed);
    }

    private static Dictionary<string, string> One(string key, string value) => new() { [key] = value };
}
