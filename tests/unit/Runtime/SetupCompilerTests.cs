using System.Text.Json;
using Vitrine.Oci.Runtime;
using Vitrine.Oci.Runtime.Reading;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime;

public sealed class SetupCompilerTests
{
    [Theory]
    [InlineData("""{"linux":{"namespaces":[{"type":"pid"}]}}""", "a container needs a mount namespace, its own or one that it joins")]
    [InlineData("""{"linux":{"namespaces":[{"type":"mount"},{"type":"mount"}]}}""", "namespace mount is listed twice")]
    [InlineData("""{"linux":{"namespaces":[{"type":"mount"},{"type":"nope"}]}}""", "unknown namespace type \"nope\"")]
    [InlineData("""{"hostname":"x"}""", "unable to set hostname without a private UTS namespace")]
    [InlineData("""{"process":{"args":[],"cwd":"/"}}""", "process.args is empty")]
    [InlineData("""{"process":{"args":["x"],"cwd":"rel"}}""", "Cwd must be an absolute path: \"rel\"")]
    [InlineData("""{"linux":{"sysctl":{"kernel.panic":"1"}}}""", "sysctl \"kernel.panic\" is not in a separate kernel namespace")]
    [InlineData("""{"linux":{"sysctl":{"net.ipv4.ip_forward":"1"}}}""", "sysctl \"net.ipv4.ip_forward\" is not in a separate kernel namespace")]
    [InlineData("""{"linux":{"sysctl":{"kernel.shmmax":"1","namespaces":"1"}}}""", "is not in a separate kernel namespace")]
    [InlineData("""{"linux":{"rootfsPropagation":"odd"}}""", "unknown rootfsPropagation \"odd\"")]
    [InlineData("""{"linux":{"personality":{"domain":"BSD"}}}""", "unknown personality domain \"BSD\"")]
    [InlineData("""{"hooks":{"poststop":[{"path":"/x"}]}}""", "a configuration with hooks is not supported")]
    [InlineData("""{"mounts":[{"destination":"/","type":"tmpfs"}]}""", "mounts[0]: mount destination \"/\" must be a path other than /")]
    [InlineData("""{"mounts":[{"destination":"/a","type":"bind"}]}""", "bind mount on /a has no source")]
    [InlineData("""{"mounts":[{"destination":"/a"}]}""", "mount on /a has no type")]
    public void Compile_ImpossibleConfiguration_SaysWhy(string json, string expected)
    {
        var spec = Complete(JsonSerializer.Deserialize(json, RuntimeJson.Default.Spec)!);

        var error = Assert.Throws<VitrineException>(() => SetupCompiler.Compile(spec, Options()));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ociVersion":"2.0.0"}""", "ociVersion: \"2.0.0\"")]
    [InlineData("""{"process":{"args":["x"],"cwd":"/","commandLine":"x.exe"}}""", "process.commandLine: is for Windows")]
    [InlineData("""{"process":{"args":["x"],"cwd":"/","scheduler":{"policy":"SCHED_NICE"}}}""", "process.scheduler.policy: unknown policy \"SCHED_NICE\"")]
    [InlineData("""{"process":{"args":["x"],"cwd":"/","scheduler":{"policy":"SCHED_RR","flags":["X"]}}}""", "process.scheduler.flags: unknown flag \"X\"")]
    [InlineData("""{"process":{"args":["x"],"cwd":"/","ioPriority":{"class":"IOPRIO_CLASS_BE","priority":8}}}""", "8 is not from 0 to 7")]
    [InlineData("""{"process":{"args":["x"],"cwd":"/","rlimits":[{"type":"RLIMIT_CPU"},{"type":"RLIMIT_CPU"}]}}""", "RLIMIT_CPU is listed twice")]
    [InlineData("""{"process":{"args":["x"],"cwd":"/","oomScoreAdj":1001}}""", "1001 is not from -1000 to 1000")]
    [InlineData("""{"mounts":[{"destination":"/a","source":"/b","options":["bind","idmap"]}]}""", "idmap needs uidMappings and gidMappings, or a user namespace")]
    [InlineData("""{"mounts":[{"destination":"/a","source":"/b","options":["bind"],"uidMappings":[{"size":1}]}]}""", "uidMappings and gidMappings go together")]
    [InlineData("""{"linux":{"memoryPolicy":{"mode":"MPOL_BIND","nodes":"3-1"}}}""", "linux.memoryPolicy.nodes: \"3-1\" is no list of nodes")]
    [InlineData("""{"linux":{"timeOffsets":{"realtime":{"secs":1}}}}""", "there is no clock \"realtime\"")]
    [InlineData("""{"linux":{"netDevices":{"eth0":{"name":"a/b"}}}}""", "linux.netDevices.eth0.name: \"a/b\"")]
    [InlineData("""{"linux":{"personality":{"domain":"LINUX","flags":["X"]}}}""", "linux.personality.flags: there are none")]
    [InlineData("""{"linux":{"devices":[{"type":"c","path":"/dev/x","major":-1,"minor":0}]}}""", "/dev/x has no possible number -1:0")]
    [InlineData("""{"linux":{"intelRdt":{"closID":"../x"}}}""", "linux.intelRdt.closID: \"../x\"")]
    [InlineData("""{"linux":{"uidMappings":[{"containerID":1,"hostID":1,"size":4294967295}]}}""", "beyond the highest id")]
    public void Compile_ValueOutOfRange_IsNamed(string json, string expected) => Compile_ImpossibleConfiguration_SaysWhy(json, expected);

    [Fact]
    public void Compile_ManyProblems_TellsAllAtOnce()
    {
        var spec = Complete(SpecReader.Read("""
            {"ociVersion":"3","process":{"args":[""],"cwd":"x","rlimits":[{"type":"NO"}],"user":{"umask":512}},
             "mounts":[{"destination":"/a"},{"destination":"/b","type":"bind"}],"hooks":{"poststop":[{"path":"rel"}]}}
            """u8));

        var message = Assert.Throws<VitrineException>(() => SetupCompiler.Compile(spec, Options())).Message;

        foreach (var part in new[] { "ociVersion", "process.args", "process.cwd", "rlimit type: NO", "umask", "mounts[0]", "mounts[1]", "\"rel\"" })
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_MoreProblemsThanAnybodyReads_AreCounted()
    {
        var spec = Complete(new Spec { Mounts = [.. Enumerable.Repeat(new Mount { Destination = "/a" }, 100)] });

        Assert.EndsWith("; and 80 more", Assert.Throws<VitrineException>(() => SetupCompiler.Compile(spec, Options())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_OverlayInUserNamespace_IsRefused()
    {
        var spec = Complete(new Spec { Linux = new LinuxSpec { Namespaces = [new Namespace { Type = "mount" }, new Namespace { Type = "user" }] } });

        var error = Assert.Throws<VitrineException>(() => SetupCompiler.Compile(spec, Options() with { Overlay = new OverlayRoot(["/l"], "/u", "/w") }));

        Assert.Equal(ErrorKind.NotImplemented, error.Kind);
    }

    [Fact]
    public void Compile_TooManyLayersForAnOldKernel_SaysWhatHelps()
    {
        var layers = Enumerable.Range(0, 128).Select(i => $"/var/lib/vitrine/layers/{i:x64}/diff").ToList();
        var options = Options() with { Overlay = new OverlayRoot(layers, "/u", "/w"), Kernel = new Version(6, 1) };

        var error = Assert.Throws<VitrineException>(() => SetupCompiler.Compile(Complete(new Spec()), options));

        Assert.Contains("128 layers do not fit one mount on this kernel", error.Message, StringComparison.Ordinal);
        Assert.NotNull(SetupCompiler.Compile(Complete(new Spec()), options with { Overlay = options.Overlay! with { Lower = layers[..40] } }));
    }

    private static Spec Complete(Spec spec) => spec with
    {
        Root = spec.Root ?? new Root { Path = "rootfs" },
        Process = spec.Process ?? new ProcessSpec { Args = ["sh"] },
        Linux = (spec.Linux ?? new LinuxSpec()) is var linux && linux.Namespaces is null
            ? linux with { Namespaces = [new Namespace { Type = "mount" }] }
            : linux,
    };

    private static SetupOptions Options() =>
        new() { BundlePath = "/bundle", RootfsMountPoint = "/run/rootfs", AvailableCapabilities = 0, Kernel = new Version(6, 18) };
}
