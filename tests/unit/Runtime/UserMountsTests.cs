using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime;

public sealed class UserMountsTests
{
    [Theory]
    [InlineData("sysfs", "network", "bind /sys rbind rro nosuid")]
    [InlineData("proc", "pid", "bind /proc rbind nosuid")]
    [InlineData("mqueue", "ipc", "bind /dev/mqueue rbind nosuid")]
    public void Adapt_NamespaceOfTheHost_BindsTheHostsMount(string type, string kind, string expected)
    {
        var mount = new Mount { Destination = "/x", Type = type, Source = type, Options = ["nosuid", "size=1"] };

        Assert.Equal(expected, Text(UserMounts.Adapt(mount, Plan("user", "mount"), null)));
        Assert.Same(mount, UserMounts.Adapt(mount, Plan("user", "mount", kind), null));
        Assert.Same(mount, UserMounts.Adapt(mount, Plan("mount"), null));
    }

    [Theory]
    [InlineData(6, "devpts devpts newinstance gid=5")]
    [InlineData(5, "devpts devpts newinstance")]
    public void Adapt_GroupOfTerminals_IsLeftOutWhereItHasNoName(uint size, string expected)
    {
        var mount = new Mount { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["newinstance", "gid=5"] };
        var linux = new LinuxSpec { GidMappings = [new IdMapping { ContainerId = 0, HostId = 9, Size = size }] };

        Assert.Equal(expected, Text(UserMounts.Adapt(mount, Plan("user", "mount"), linux)));
    }

    private static NamespacePlan Plan(params string[] kinds) =>
        NamespacePlan.Of(new Spec { OciVersion = "1.0.2", Linux = new LinuxSpec { Namespaces = [.. kinds.Select(kind => new Namespace { Type = kind })] } });

    private static string Text(Mount mount) => string.Join(' ', [mount.Type, mount.Source, .. mount.Options ?? []]);
}
