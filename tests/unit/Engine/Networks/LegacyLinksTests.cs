using Vitrine.Engine.Docker;
using Vitrine.Engine.Networks;
using Vitrine.Engine.Storage;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Networks;

/// <summary>The variables of --link, as dockerd 20.10 sets them.</summary>
public sealed class LegacyLinksTests
{
    [Fact]
    public void Variables_AreDockers()
    {
        var other = Container(["80/tcp", "443/udp"], ["90/tcp"], "COLOUR=blue", "PATH=/bin", "HOME=/x", "EMPTY=", "unset");
        Assert.Equal(
            """
            MY_DB_ENV_COLOUR=blue
            MY_DB_ENV_EMPTY=
            MY_DB_NAME=/parent/my-db
            MY_DB_PORT=tcp://172.17.0.2:80
            MY_DB_PORT_443_UDP=udp://172.17.0.2:443
            MY_DB_PORT_443_UDP_ADDR=172.17.0.2
            MY_DB_PORT_443_UDP_PORT=443
            MY_DB_PORT_443_UDP_PROTO=udp
            MY_DB_PORT_80_TCP=tcp://172.17.0.2:80
            MY_DB_PORT_80_TCP_ADDR=172.17.0.2
            MY_DB_PORT_80_TCP_PORT=80
            MY_DB_PORT_80_TCP_PROTO=tcp
            MY_DB_PORT_90_TCP=tcp://172.17.0.2:90
            MY_DB_PORT_90_TCP_ADDR=172.17.0.2
            MY_DB_PORT_90_TCP_PORT=90
            MY_DB_PORT_90_TCP_PROTO=tcp
            """, Variables("my-db", other));
    }

    [Fact]
    public void ThreePortsInARow_AreARangeToo_AndTcpComesFirst()
    {
        var text = Variables("ll", Container(["83/tcp", "80/tcp", "81/tcp", "82/tcp", "53/udp", "53/tcp", "90/tcp", "91/tcp"], []));
        Assert.Contains("\nLL_PORT=tcp://172.17.0.2:53\n", text, StringComparison.Ordinal);
        foreach (var variable in (string[])["START=tcp://172.17.0.2:80", "PORT_START=80", "END=tcp://172.17.0.2:83", "PORT_END=83"])
            Assert.Contains($"\nLL_PORT_80_TCP_{variable}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("_90_TCP_START", text, StringComparison.Ordinal);
        Assert.DoesNotContain("_81_TCP_START", text, StringComparison.Ordinal);
    }

    private static string Variables(string alias, ContainerRecord other) =>
        string.Join('\n', LegacyLinks.Variables("parent", alias, other, "172.17.0.2").Order(StringComparer.Ordinal));

    private static ContainerRecord Container(string[] exposed, string[] published, params string[] variables) => new()
    {
        Id = "0123",
        Name = "other",
        CgroupPath = "/x",
        Config = new ContainerConfig { ExposedPorts = exposed.ToDictionary(port => port, _ => new EmptyObject()), Env = variables },
        HostConfig = new HostConfig { PortBindings = published.ToDictionary(port => port, _ => (IReadOnlyList<PortBinding>?)[]) },
    };
}
