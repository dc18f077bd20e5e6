using System.Globalization;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Glass.Ps;
using Vitrine.Insight;
using Vitrine.Insight.Host;
using Vitrine.Insight.Json;
using Vitrine.Insight.View;
using Vitrine.Tests.Unit.Insight;
using Vitrine.Tests.Unit.Insight.Databases;
using Xunit;

namespace Vitrine.Tests.Unit.Glass.Ps;

public sealed class HostPsTests : IDisposable
{
    private const string Web = "d0cca9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddee";
    private const string Db = "90d3a9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddee";

    private readonly FakeHost host = new();
    private readonly IReadOnlyList<HostViewProcess> all;

    public HostPsTests()
    {
        host.Add(new FakeProcess { Pid = 100, Command = "containerd-shim", Arguments = ["shim"] });
        host.Add(Member(101, 100, 1, Web, 7) with { Arguments = ["nginx"] });
        host.Add(Member(102, 101, 2, Web, 7) with { Arguments = ["worker\u001b[2J"], Uid = 33 });
        host.Add(Member(103, 101, 3, Web, 7) with { Arguments = ["worker"] });
        host.Add(Member(104, 100, 4, Web, 7) with { Arguments = ["sh"] });
        host.File($"/var/lib/docker/containers/{Web}/config.v2.json", """{"Name":"/web","Config":{"Image":"reg.example/nginx:1.27"},"NetworkSettings":{"Ports":{"443/tcp":null,"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"::","HostPort":"8080"}]} } }""");
        host.Add(new FakeProcess { Pid = 200, Command = "conmon", Arguments = ["conmon", "-n", "db"] });
        host.Add(Member(201, 200, 1, Db, 8) with { Cgroup = $"0::/machine.slice/libpod-{Db}.scope\n", Arguments = ["postgres", new string('x', 100)] });
        all = ContainedProcesses.Of(HostContainers.Read(new HostOptions { HostRoot = host.Root }));
    }

    private static FakeProcess Member(int pid, int parent, int inside, string id, ulong number) => new()
    {
        Pid = pid,
        Parent = parent,
        NamespacePids = [pid, inside],
        Cgroup = $"0::/docker/{id}\n",
        Namespaces = new() { ["pid"] = number, ["net"] = 10 + number },
    };

    private string[] Print(string format, bool unicode = true, bool truncate = true, params string[] filters)
    {
        var shown = new HostFilter(filters.Select(text => new Filter(text.Split('=')[0], text.Split('=')[1]))).Apply(all);
        var lines = HostForest.Lines(all, shown, unicode);
        using var text = new StringWriter();
        RowFormat.Parse(format, HostRow.DefaultColumns).Print(text, HostRow.Header, shown.Select((process, i) => new HostRow(process, lines[i], truncate)));
        return text.ToString().TrimEnd('\n').Split('\n');
    }

    [Fact]
    public void Table_HasAllColumns()
    {
        var lines = Print("");

        Assert.Equal(["ENGINE", "NAME", "CONTAINER ID", "IMAGE", "HOST PID", "PID", "HOST USER", "USER", "ISOLATION", "PORTS", "COMMAND"], lines[0].Split("  ", StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim()));
        Assert.Equal(["docker", "-", "-", "-", "100", "-", "0", "-", "-------- ---!", "-", "shim"], Cells(lines[1]));
        Assert.Equal(["docker", "web", "d0cca9c0d1e4", "reg.example/nginx:1.27", "101", "1", "0", "root", "-P-N---- ---!", "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp", "├─ nginx"], Cells(lines[2]));
    }

    [Fact]
    public void Ports_OfPodmanAndOurs_AreTheirFiles()
    {
        host.File("/run/vitrine/sandboxes/0123456789ab/state.json", """{"ports":[{"protocol":"udp","containerPort":53,"hostIp":"127.0.0.1","hostPort":5353,"target":"172.17.0.2"}]}""");
        host.File("/var/lib/vitrine/containers/0123456789ab/container.json", """{"Name":"dns"}""");
        host.File("/var/lib/vitrine/containers/0123456789ab/network.json", """{"execRoot":"/run/vitrine"}""");
        host.Add(new FakeProcess { Pid = 300, Command = "vitrine-shim", Arguments = ["vitrine-shim", "/var/lib/vitrine/containers/0123456789ab/plan.json"] });
        host.Add(Member(301, 300, 1, "0123456789ab", 9) with { Cgroup = "0::/vitrine/0123456789ab\n" });
        using (var podman = new SqliteWriter(host.Root + "/var/lib/containers/storage/db.sql"))
            podman.Run(PodmanState.Tables + PodmanState.Add(Db, "db", PodmanState.Ports(5432, 5433, range: 100)));

        using var containers = HostContainers.Read(new HostOptions { HostRoot = host.Root });
        var processes = ContainedProcesses.Of(containers);
        Assert.Equal(["-", "127.0.0.1:5353->53/udp"], processes.Where(process => process.Pid >= 300).Select(process => Cell(process, "Ports")));
        Assert.Equal("0.0.0.0:5432-5531->5433-5532/tcp", Cell(processes.Single(process => process.Pid == 201), "Ports"));
        Assert.Contains("""
            "ports":[{"hostAddress":"127.0.0.1","hostPort":5353,"port":53,"protocol":"udp"}]
            """.Trim(), string.Concat(HostViewJson.Serialize(processes, containers.Missing).Split().Where(word => word.Length > 0)), StringComparison.Ordinal);
        Assert.Empty(containers.Missing);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("tcp 0.0.0.0 8080 80", "0.0.0.0:8080->80/tcp")]
    [InlineData("tcp :: 443 443,tcp 0.0.0.0 443 443,tcp 0.0.0.0 80 80", "0.0.0.0:80->80/tcp, 0.0.0.0:443->443/tcp, [::]:443->443/tcp")]
    [InlineData("tcp 0.0.0.0 81 81,tcp 0.0.0.0 80 80,tcp 0.0.0.0 83 83,tcp 0.0.0.0 84 85", "0.0.0.0:80-81->80-81/tcp, 0.0.0.0:83->83/tcp, 0.0.0.0:84->85/tcp")]
    [InlineData("udp 127.0.0.1 53 53,tcp 127.0.0.1 54 54", "127.0.0.1:53->53/udp, 127.0.0.1:54->54/tcp")]
    public void Ports_ArePrintedAsDockerDoes(string ports, string printed) => Assert.Equal(printed, PortText.Of([.. ports.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split(' ')).Select(words =>
        new PublishedPort { Protocol = words[0], HostAddress = words[1], HostPort = int.Parse(words[2], CultureInfo.InvariantCulture), Address = "", Port = int.Parse(words[3], CultureInfo.InvariantCulture), Element = "" })]));

    [Fact]
    public void Tree_DrawsTheForest()
    {
        Assert.Equal(
            ["shim", "├─ nginx", @"│  ├─ worker\x1b[2J", "│  └─ worker", "└─ joined: sh", "conmon -n db"],
            Print("{{.Tree}}{{.Command}}")[..6]);
        Assert.Equal(
            ["shim", "|- nginx", @"|  |- worker\x1b[2J", "|  `- worker", "`- joined: sh"],
            Print("{{.Tree}}{{.Command}}", unicode: false)[..5]);
    }

    [Fact]
    public void Command_IsCutUnlessItIsNot()
    {
        Assert.Equal(60, Print("{{.Command}}", filters: "pid=201")[^1].Length);
        Assert.Equal(109, Print("{{.Command}}", truncate: false, filters: "pid=201")[^1].Length);
        Assert.Equal(Web, Print("{{.ID}}", truncate: false, filters: "pid=101")[^1]);
    }

    [Theory]
    [InlineData("engine=docker", "100 101 102 103 104")]
    [InlineData("engine=podman", "200 201")]
    [InlineData("name=b", "100 101 102 103 104 200 201")]
    [InlineData("name=we", "100 101 102 103 104")]
    [InlineData("id=90d3", "200 201")]
    [InlineData("image=nginx", "100 101 102 103 104")]
    [InlineData("image=reg.example/nginx", "100 101 102 103 104")]
    [InlineData("image=inx", "")]
    [InlineData("user=33", "100 102")]
    [InlineData("user=root", "100 101 103 104 200 201")]
    [InlineData("pid=103", "100 103")]
    [InlineData("role=joined", "100 104")]
    [InlineData("role=first", "100 101 200 201")]
    [InlineData("namespace=7", "100 101 102 103 104")]
    [InlineData("namespace=net:18", "200 201")]
    [InlineData("namespace=net:[18]", "200 201")]
    [InlineData("namespace=pid:18", "")]
    public void Filter_KeepsWhatFitsAndItsSupervisors(string filter, string pids) =>
        Assert.Equal(pids, string.Join(' ', Print("{{.HostPID}}", filters: filter)));

    [Fact]
    public void Filter_OfDifferentNames_AllMustFit() => Assert.Equal(["100", "102"], Print("{{.HostPID}}", filters: ["name=web", "user=33", "user=34"]));

    [Theory]
    [InlineData("colour=red", "invalid filter 'colour'")]
    [InlineData("engine=dokcer", "engines are vitrine, docker")]
    [InlineData("role=x", "roles are first")]
    [InlineData("namespace=net", "expected an inode")]
    public void Filter_ThatCanNeverFit_IsRefused(string filter, string words) =>
        Assert.Contains(words, Assert.Throws<VitrineException>(() => Print("", filters: filter)).Message, StringComparison.Ordinal);

    [Fact]
    public void Json_OfARow_HasEveryField() =>
        Assert.Contains("""
            "HostPID":101,"HostUID":0,"HostUser":"0","ID":"d0cca9c0d1e4","Image":"reg.example/nginx:1.27","Isolation":"-P-N---- ---!","Name":"web",
            """.Trim(), Print("json", filters: "pid=101")[^1], StringComparison.Ordinal);

    private static object? Cell(HostViewProcess process, string name) => new HostRow(process, "", true).TryGet(name, [], out var value) ? value : null;

    private static string[] Cells(string line) => line.Split("   ", StringSplitOptions.RemoveEmptyEntries).Select(cell => cell.Trim()).ToArray();

    public void Dispose() => host.Dispose();
}
