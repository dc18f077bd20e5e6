using System.Text.Json;
using Vitrine.TestKit;
using Vitrine.Tests.Integration.Dropin;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>Containers of podman, judged without asking podman.</summary>
public sealed class AuditOfPodmanTests : IDisposable
{
    private readonly PrivateHost _host;
    private readonly PodmanEngine _podman;

    public AuditOfPodmanTests()
    {
        Need.Program("podman", "podman");
        _host = new PrivateHost();
        _podman = new PodmanEngine(_host, TestImages.Archive("busybox"), "--runtime", PrivateHost.Runtime);
    }

    [Fact]
    public void Containers_WeakAndHardened_AreJudgedByTheKernelsAccount()
    {
        Podman("run", "-d", "--name", "weak", "--privileged", "--pid", "host", "--network", "none", "-e", "DB_PASSWORD=correct-horse-battery", "busybox", "sleep", "600").ShouldSucceed();
        Podman("run", "-d", "--name", "hard", "--user", "1000", "--cap-drop", "all", "--read-only", "--network", "none", "--memory", "64m", "--pids-limit", "50",
            "--security-opt", "no-new-privileges", "busybox", "sleep", "600").ShouldSucceed();

        var text = Command.Run(Repository.Binary("vitrine"), ["audit", "--json", "podman:weak", "podman:hard"]).ShouldSucceed().Text;
        using var report = JsonDocument.Parse(text);
        var (weak, hard) = (report.RootElement.GetProperty("subjects")[0], report.RootElement.GetProperty("subjects")[1]);

        Assert.Equal("podman", weak.GetProperty("target").GetProperty("engine").GetString());
        Assert.Empty(((string[])["VA001", "VA040", "VA044", "VA050", "VA051", "VA055", "VA064", "VA067", "VA081", "VA090"]).Except(Ids(weak)));
        Assert.Empty(Ids(hard).Intersect(["VA001", "VA040", "VA044", "VA050", "VA051", "VA055", "VA064", "VA067", "VA081", "VA082", "VA090"]));
        Assert.Contains(weak.GetProperty("waysOut").EnumerateArray(), way => way is var one && one.GetProperty("id").GetString() == "VA508" && one.GetProperty("verdict").GetString() == "open");
        Assert.DoesNotContain(hard.GetProperty("waysOut").EnumerateArray(), way => way.GetProperty("verdict").GetString() == "open");
        Assert.DoesNotContain("correct-horse-battery", text, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _podman.Dispose();
        _host.Dispose();
    }

    private static HashSet<string> Ids(JsonElement subject) =>
        [.. subject.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()!)];

    private CommandResult Podman(params IEnumerable<string> arguments) => _podman.Run(arguments);
}
