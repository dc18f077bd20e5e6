using System.Text.Json;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass.Namespaces;

/// <summary><c>vitrine ns ls</c> and <c>show</c> against lsns(8) and the kernel, on namespaces that stand still: those of a house and a container.</summary>
public sealed class NsLsTests(NamespaceHouse house, BusyboxSandbox box) : IClassFixture<NamespaceHouse>, IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void List_IsWhatLsnsSays()
    {
        var numbers = Kinds.Select(kind => Inode(house.Pid, kind)).ToHashSet();
        const string columns = "NS,TYPE,NPROCS,PID,USER,COMMAND";

        var theirs = Command.Run("lsns", "--noheadings", "--notruncate", "--list", "--raw", "-o", columns).ShouldSucceed().Lines.Select(line => line.Replace("\\x20", " ")).Where(line => numbers.Contains(line.Split(' ')[0])).Order();
        using var json = JsonDocument.Parse(Ours("ls", "--json").ShouldSucceed().Text);
        var ours = json.RootElement.GetProperty("namespaces").EnumerateArray().Where(one => numbers.Contains(one.GetProperty("ns").ToString()))
            .Select(one => $"{one.GetProperty("ns")} {one.GetProperty("type")} {one.GetProperty("nprocs")} {one.GetProperty("pid")} {one.GetProperty("user")} {one.GetProperty("command")}").Order();

        Assert.Equal(theirs, ours);
        Assert.Equal(Kinds.Length, ours.Count());
    }

    [Fact]
    public void List_OfOneProcessAndType_IsThat()
    {
        var lines = Ours("ls", "-n", "-p", $"{house.Pid}").ShouldSucceed().Lines;
        Assert.Equal(Kinds.Length, lines.Length);

        var one = Assert.Single(Ours("ls", "-n", "-t", "uts", "-p", $"{house.Pid}").ShouldSucceed().Lines);
        Assert.StartsWith($"{Inode(house.Pid, "uts")} uts ", one.TrimStart(), StringComparison.Ordinal);
        Assert.StartsWith("NS TYPE", Ours("ls", "-t", "uts").ShouldSucceed().Lines[0].TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public void List_NamesTheContainer()
    {
        box.Ok("run", "-d", "--name", "listed", "busybox", "sleep", "600");
        var pid = box.Pid("listed");

        var line = Assert.Single(box.Ok("ns", "ls", "-n", "-t", "mnt", "-p", "listed").Split('\n'));
        Assert.Contains($" {pid} ", line, StringComparison.Ordinal);
        Assert.Contains("vitrine:listed", line, StringComparison.Ordinal);
        Assert.Contains("sleep 600", line, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(box.Ok("ns", "show", "--json", "listed"));
        foreach (var one in json.RootElement.GetProperty("namespaces").EnumerateArray())
            Assert.Equal($"{Inode(pid, one.GetProperty("type").GetString()!)}", one.GetProperty("ns").ToString());
        box.Ok("rm", "-f", "listed");
    }

    [Fact]
    public void Show_TellsOwnerParentAndMaps()
    {
        using var json = JsonDocument.Parse(Ours("show", "--json", $"{house.Pid}").ShouldSucceed().Text);
        var all = json.RootElement.GetProperty("namespaces").EnumerateArray().ToDictionary(one => one.GetProperty("type").GetString()!);
        var user = Inode(house.Pid, "user");

        // Everything that unshare made in one go belongs to the user namespace that it made first.
        foreach (var kind in Kinds.Where(kind => kind != "user"))
            Assert.Equal(user, all[kind].GetProperty("ownerUserNamespace").ToString());
        Assert.Equal(Inode(Environment.ProcessId, "user"), all["user"].GetProperty("parent").ToString());
        Assert.Equal(Inode(Environment.ProcessId, "pid"), all["pid"].GetProperty("parent").ToString());
        Assert.Equal(0, all["user"].GetProperty("ownerUid").GetInt32());
        Assert.Equal("""{"inside":0,"outside":0,"count":1}""", all["user"].GetProperty("uidMap")[0].ToString().Replace(" ", "").Replace("\n", ""));
    }

    [Fact]
    public void Show_OfANumber_IsThatNamespace()
    {
        var text = Ours("show", Inode(house.Pid, "net")).ShouldSucceed().Stdout;

        Assert.Contains($"net:[{Inode(house.Pid, "net")}]", text, StringComparison.Ordinal);
        Assert.Contains("Interfaces", text, StringComparison.Ordinal);
        Assert.Equal(text, Ours("show", $"net:[{Inode(house.Pid, "net")}]").ShouldSucceed().Stdout);
    }

    [Fact]
    public void Kept_NamespaceWithoutProcesses_IsListed()
    {
        var file = Path.Combine(house.Directory, "kept");
        File.WriteAllText(file, "");
        Ours("run", $"--uts={file}", "true").ShouldSucceed();
        try
        {
            var inode = Command.Run("stat", "-Lc", "%i", file).Text;
            var line = Ours("ls", "-n", "-t", "uts").ShouldSucceed().Lines.Single(line => line.Contains(inode, StringComparison.Ordinal));
            Assert.Contains($"kept by {file}", line, StringComparison.Ordinal);
            Assert.Contains(file, Ours("show", inode).ShouldSucceed().Stdout, StringComparison.Ordinal);
        }
        finally
        {
            Command.Run("umount", file).ShouldSucceed();
        }
    }

    [Fact]
    public void Wrong_IsNamed()
    {
        Ours("show", "nobody-of-this-name").ShouldFail(1, "nobody-of-this-name");
        Ours("show", "4294967290").ShouldFail(1, "4294967290");
        Ours("ls", "-t", "moon").ShouldFail(125, "cgroup");
    }

    // The shell's own children come and go; the house has all kinds of its own.
    private static string[] Kinds => ["mnt", "net", "ipc", "uts", "pid", "user", "cgroup", "time"];

    private static string Inode(int pid, string kind) => ProcessTable.Namespace(pid, kind).Split('[', ']')[1];

    private static CommandResult Ours(params string[] arguments) => Command.Run(Repository.Binary("vitrine-glass"), ["ns", .. arguments]);
}
