using Vitrine.Insight;
using Vitrine.Insight.Audit;
using Vitrine.Insight.Audit.Known;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Audit;

public sealed class SocketRuleTests
{
    private static readonly SocketFacts s_well = new("/run/docker.sock")
    {
        File = new HostFile("/run/docker.sock", AuditedHost.Status(FileKind.Socket, 0x180)), IsReachable = true, Answer = "Docker Engine, version 29.6.0", Program = Engine("29.6.0"),
    };

    public static TheoryData<string> Ids => [.. RuleCatalog.Socket.Select(rule => rule.Info.Id)];

    [Fact]
    public void Socket_OfRootAlone_HasNothing() => Assert.Empty(Check(s_well));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Socket_Weak_IsCaughtByItsRuleAlone(string id)
    {
        var weak = id switch
        {
            "VA300" => With(0x1b6, 0, 0),
            "VA301" => With(0x1b0, 0, 998, "docker", "alice"),
            "VA302" => With(0x180, 1000, 0),
            "VA303" => new SocketFacts("tcp://10.0.0.1:2375") { Answer = "Docker Engine, version 29.6.0", Program = Engine("29.6.0") },
            _ => new SocketFacts("/run/docker.sock") { File = s_well.File, Program = Engine("25.0.3") },
        };

        Assert.Equal([id], Check(weak).Select(finding => finding.Rule.Id).Distinct());
    }

    [Fact]
    public void Socket_ForEverybodyInAClosedDirectory_IsNot() =>
        Assert.Empty(Check(new SocketFacts("/run/vitrine/docker.sock") { File = new HostFile("/run/vitrine/docker.sock", AuditedHost.Status(FileKind.Socket, 0x1b6)), Program = Engine("29.6.0") }));

    [Theory]
    [InlineData("127.0.0.1:2376", "127.0.0.1", 2376)]
    [InlineData("10.0.0.5", "10.0.0.5", 2375)]
    [InlineData("[::1]:99", "::1", 99)]
    [InlineData("[fe80::1]", "fe80::1", 2375)]
    [InlineData("localhost:1/", "127.0.0.1", 1)]
    public void Remote_Addresses_AreRead(string text, string address, int port)
    {
        var remote = SocketFacts.Remote(text);

        Assert.Equal((address, port), (remote.Address.ToString(), remote.Port));
    }

    [Theory]
    [InlineData("db.example:2375")]
    [InlineData("10.0.0.5:99999")]
    public void Remote_NamesAndWrongPorts_AreRefused(string text) => Assert.Throws<VitrineException>(() => SocketFacts.Remote(text));

    /// <summary>What the engines answer, shortened; podman's platform is the machine's, and a runtime is a component too.</summary>
    [Theory]
    [InlineData("""{"Platform":{"Name":"linux/amd64/debian-12"},"Components":[{"Name":"Podman Engine","Version":"4.3.1"},{"Name":"Conmon"}],"Version":"4.3.1"}""", "podman", "Podman Engine, version 4.3.1")]
    [InlineData("""{"Platform":{"Name":""},"Components":[{"Name":"Engine"},{"Name":"vitrine"},{"Name":"podman"}],"Version":"20.10.24+dfsg1"}""", "dockerd", "Engine, version 20.10.24+dfsg1")]
    [InlineData("""{"Platform":{"Name":"Docker Engine - Community"},"Components":[{"Name":"Engine"}],"Version":"28.5.1"}""", "dockerd", "Docker Engine - Community, version 28.5.1")]
    [InlineData("""{"Platform":{"Name":"Vitrine"},"Components":[{"Name":"Engine"}],"Version":"1.0.0"}""", "vitrined", "Vitrine, version 1.0.0")]
    public void Version_OfEachEngine_NamesIt(string answer, string program, string text)
    {
        var socket = new SocketFacts("/run/engine.sock");

        socket.Read(System.Text.Encoding.UTF8.GetBytes(answer));

        Assert.Equal((program, text), (socket.Program!.Name, socket.Answer));
    }

    [Fact]
    public void Socket_GroupWithoutMembers_IsOnlyNoted() =>
        Assert.Equal(Severity.Note, Assert.Single(Check(With(0x1b0, 0, 998, "docker", ""))).Severity);

    private static SocketFacts With(uint mode, uint uid, uint gid, string? group = null, string? members = null) => new("/run/docker.sock")
    {
        File = new HostFile("/run/docker.sock", AuditedHost.Status(FileKind.Socket, mode, uid, gid)), IsReachable = true, GroupName = group, GroupMembers = members, Program = Engine("29.6.0"),
    };

    private static InstalledProgram Engine(string version) =>
        new() { Name = "dockerd", Version = SoftwareVersion.Parse(version)!, Text = version, Source = "GET /version" };

    private static IReadOnlyList<Finding> Check(SocketFacts socket)
    {
        var report = new RuleReport(socket.Address);
        foreach (var rule in RuleCatalog.Socket)
        {
            report.Begin(rule.Info);
            rule.Check(socket, report);
        }

        return report.Findings;
    }
}
