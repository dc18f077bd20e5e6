using Vitrine.Insight.Host;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Host;

public sealed class SupervisorLineTests
{
    private static SupervisorLine? Parse(string command, string line) => SupervisorLine.Parse(command, line.Split(' '));

    [Fact]
    public void Parse_Conmon_HasIdNameAndBundle()
    {
        var line = Parse("conmon", "/usr/bin/conmon --api-version 1 -c c1 -u u1 -r /usr/bin/crun -b /srv/overlay-containers/c1/userdata -p /run/pidfile -n web --exit-dir /run/e --exit-command-arg -n --exit-command-arg other");

        Assert.Equal(new SupervisorLine { Id = "c1", Name = "web", Bundle = "/srv/overlay-containers/c1/userdata", Directory = "/srv/overlay-containers/c1/userdata", Runtime = "/usr/bin/crun" }, line);
    }

    [Theory]
    [InlineData("-namespace moby -id c1", "docker")]
    [InlineData("-namespace k8s.io -id c1", "containerd")]
    [InlineData("-id c1", null)]
    public void Parse_ContainerdsShim_HasIdAndTheEngineOfItsNamespace(string options, string? engine) =>
        Assert.Equal(new SupervisorLine { Engine = engine, Id = "c1" }, Parse("containerd-shim", "/usr/bin/containerd-shim-runc-v2 " + options));

    [Fact]
    public void Parse_Shim_HasTheStoresDirectory() => Assert.Equal(
        new SupervisorLine { Engine = "vitrine", Id = "c1", Directory = "/store/containers/c1", Bundle = "/store/containers/c1/bundle" },
        Parse("vitrine-shim", "vitrine-shim /store/containers/c1/plan.json"));

    [Theory]
    [InlineData("systemd-nspawn", "/usr/bin/systemd-nspawn --quiet --machine=deb -D /x", "systemd-nspawn", "deb")]
    [InlineData("systemd-nspawn", "systemd-nspawn -D /srv/deb/", "systemd-nspawn", "deb")]
    [InlineData("lxc-start", "[lxc monitor] /var/lib/lxc web1", "lxc", "web1")]
    [InlineData("lxc-start", "lxc-start -F -n web1", "lxc", "web1")]
    public void Parse_EnginesWithNames_HaveThem(string command, string line, string engine, string name) =>
        Assert.Equal(new SupervisorLine { Engine = engine, Id = name, Name = name }, Parse(command, line));

    [Theory]
    [InlineData("bash", "bash -c x")]
    [InlineData("vitrine-shim", "vitrine-shim")]
    [InlineData("lxc-start", "lxc-start")]
    public void Parse_Others_AreNull(string command, string line) => Assert.Null(Parse(command, line));
}
