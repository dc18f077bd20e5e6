using System.Text.Json;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime;

public sealed class SetupCompilerTests
{
    [Theory]
    [InlineData("""{"linux":{"namespaces":[{"type":"pid"}]}}""", "a container needs a mount namespace of its own")]
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
    [InlineData("""{"linux":{"mountLabel":"x"}}""", "linux.mountLabel (SELinux) is not supported")]
    [InlineData("""{"hooks":{"poststop":[{"path":"/x"}]}}""", "a configuration with hooks is not supported")]
    [InlineData("""{"mounts":[{"destination":"/","type":"tmpfs"}]}""", "mount destination \"/\" must be an absolute path other than /")]
    [InlineData("""{"mounts":[{"destination":"/a","type":"bind"}]}""", "bind mount on /a has no source")]
    [InlineData("""{"mounts":[{"destination":"/a"}]}""", "mount on /a has no type")]
    public void Compile_ImpossibleConfiguration_SaysWhy(string json, string expected)
    {
        var spec = Complete(JsonSerializer.Deserialize(json, RuntimeJson.Default.Spec)!);

        var error = Assert.Throws<VitrineException>(() => SetupCompiler.Compile(spec, Options()));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
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
