using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass.Namespaces;

/// <summary><c>vitrine ns run</c> does what unshare(1) does: the same options, and the command finds itself in the same surroundings.</summary>
public sealed class NsRunTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-ns-").FullName;

    public NsRunTests()
    {
        Need.Root();
        Need.Program("unshare", "util-linux");
    }

    public static TheoryData<string> Flags =>
    [
        "-m", "-u", "-i", "-n", "-C", "-U", "-T", "-p --fork", "-muinC", "-f", "--fork --mount",
        "-m --propagation slave", "-m --propagation shared", "-m --propagation unchanged", "-m --propagation private",
        "-r", "-c", "--map-user=7", "--map-group=9", "--map-user=7 --map-group=9", "-r -m -n -p -f", "--map-root-user --pid --fork --mount-proc",
        "-pf --mount-proc", "-pf --mount-proc --propagation unchanged", "-U --setgroups deny", "-U --setgroups allow", "--map-user=7 --setgroups deny",
        "-w /tmp", "-m -w /proc", "-S 12 -G 34", "-G 34", "-S 12", "-U --map-user=5 --keep-caps", "-r --keep-caps -n",
        "-T --monotonic 100 --boottime 200", "-rT --boottime 5", "--kill-child -u", "-upf --kill-child=TERM", "-U -p -f -m",
    ];

    [Theory]
    [MemberData(nameof(Flags))]
    public void Command_IsInTheSameSurroundings(string flags)
    {
        var (theirs, ours) = NamespaceProbe.Both("unshare", "run", flags.Split(' '), "sh", "-c", NamespaceProbe.Relative);

        theirs.ShouldSucceed();
        ours.ShouldSucceed();
        Assert.Equal(theirs.Text, ours.Text);
    }

    [Theory]
    [InlineData("exit 0")]
    [InlineData("exit 7")]
    [InlineData("exit 255")]
    [InlineData("kill -TERM $$")]
    [InlineData("kill -KILL $$")]
    [InlineData("kill -INT $$")]
    [InlineData("kill -HUP $$")]
    [InlineData("kill -SEGV $$")]
    [InlineData("kill -USR1 $$")]
    public void Command_EndsBothTheSameWay(string script)
    {
        // A shell tells by a word on stderr that a signal ended its command, whatever the exit code says.
        const string tell = """ulimit -c 0; "$@"; echo $?""";
        var theirs = Command.Run("bash", "-c", tell, "-", "unshare", "-u", "sh", "-c", script).ShouldSucceed();
        var ours = Command.Run("bash", "-c", tell, "-", Repository.Binary("vitrine-glass"), "ns", "run", "-u", "sh", "-c", script).ShouldSucceed();

        Assert.Equal(theirs.Text, ours.Text);
        Assert.Equal(Word(theirs.Stderr), Word(ours.Stderr));

        static string Word(string stderr) => stderr.Contains("Terminated") ? "Terminated" : stderr.Contains("Killed") ? "Killed"
            : stderr.Contains("Hangup") ? "Hangup" : stderr.Contains("Segmentation") ? "Segmentation" : stderr.Contains("User") ? "User" : "";
    }

    [Theory]
    [InlineData(127, "no-such-command")]
    [InlineData(127, "/no/such/command")]
    [InlineData(126, "/etc/passwd")]
    [InlineData(126, "/etc")]
    public void Command_ThatCannotBeExecuted_HasTheSameExitCode(int code, string command)
    {
        var (theirs, ours) = NamespaceProbe.Both("unshare", "run", ["-u"], command);

        theirs.ShouldExit(code);
        ours.ShouldFail(code, command);
    }

    [Fact]
    public void Root_IsTheOneGiven()
    {
        Directory.CreateDirectory($"{_directory}/root/proc");
        Directory.CreateDirectory($"{_directory}/root/bin");
        File.Copy("/bin/busybox", $"{_directory}/root/bin/busybox");

        foreach (var flags in new string[][] { ["-R", $"{_directory}/root"], ["-mR", $"{_directory}/root", "-w", "/bin"], ["-pfR", $"{_directory}/root", "--mount-proc"] })
        {
            var (theirs, ours) = NamespaceProbe.Both("unshare", "run", flags, "/bin/busybox", "sh", "-c", "pwd; cd /; echo *; echo /proc/1/*");
            Assert.Equal(theirs.ShouldSucceed().Text, ours.ShouldSucceed().Text);
            Assert.Contains("bin proc", ours.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ranges_OfIdsAreMapped()
    {
        var run = Ours("--map-users=0:100000:10", "--map-users=10,50,5", "--map-groups", "0:100000:7", "-S", "3", "-G", "4", "sh", "-c",
            "tr -s ' ' </proc/self/uid_map; tr -s ' ' </proc/self/gid_map; cat /proc/self/setgroups; id -u; id -g");

        Assert.Equal([" 0 100000 10", " 50 10 5", " 0 100000 7", "allow", "3", "4"], run.ShouldSucceed().Lines);
    }

    [Fact]
    public void Ranges_OfSubuid_AreMappedAsByUnshare()
    {
        Need.Program("newuidmap", "uidmap");
        // The ranges exist in a mount namespace of the test's own.
        var setup = $"""cd {_directory} && echo root:300000:5000 >subid && mount --bind subid /etc/subuid && mount --bind subid /etc/subgid && exec "$@" """;
        foreach (var flags in new string[][] { ["--map-auto"], ["--map-root-user", "--map-auto"], ["--map-user=10", "--map-group=10", "--map-auto"] })
        {
            string[] probe = [.. flags, "sh", "-c", "tr -s ' ' </proc/self/uid_map | sort; tr -s ' ' </proc/self/gid_map | sort; cat /proc/self/setgroups"];
            var theirs = Command.Run("unshare", ["-m", "sh", "-c", setup, "-", "unshare", .. probe]).ShouldSucceed();
            var ours = Command.Run("unshare", ["-m", "sh", "-c", setup, "-", Repository.Binary("vitrine-glass"), "ns", "run", .. probe]).ShouldSucceed();
            Assert.Equal(theirs.Text, ours.Text);
        }
    }

    [Fact]
    public void HostName_IsSetInside()
    {
        Assert.Equal("inside", Ours("--hostname", "inside", "hostname").ShouldSucceed().Text);
        Assert.NotEqual("inside", Command.Run("hostname").Text);
    }

    [Fact]
    public void Namespaces_AreKeptByFiles()
    {
        foreach (var kind in new[] { "uts", "net", "ipc", "user", "pid" })
        {
            var file = $"{_directory}/{kind}";
            File.WriteAllText(file, "");
            var inside = Ours($"--{kind}={file}", "--fork", kind == "user" ? "-r" : "-f", "--", "readlink", $"/proc/self/ns/{kind}").ShouldSucceed().Text;
            try
            {
                Assert.Equal(inside, Command.Run("stat", "-Lc", $"{kind}:[%i]", file).Text);
                if (kind != "pid") // its first process has gone
                    Assert.Equal(inside, Command.Run(Repository.Binary("vitrine-glass"), "ns", "enter", $"--{kind}={file}", "--", "readlink", $"/proc/self/ns/{kind}").ShouldSucceed().Text);
            }
            finally
            {
                Command.Run("umount", file).ShouldSucceed();
            }
        }
    }

    [Fact]
    public void MountNamespace_IsKeptByAFile()
    {
        Need.Program("taskset", "util-linux");
        // On one processor, as Linux 6.18 tells from numbers that each gives out for itself which mount namespace is the newer one.
        const string script = """
            set -e; touch $2/mnt
            inside=$($1 ns run --mount=$2/mnt --fork readlink /proc/self/ns/mnt)
            [ "$inside" = "$(stat -Lc 'mnt:[%i]' $2/mnt)" ] && [ "$inside" = "$($1 ns enter --mount=$2/mnt readlink /proc/self/ns/mnt)" ] && echo kept
            """;
        var processor = ProcessTable.Status(Environment.ProcessId, "Cpus_allowed_list").Split(',', '-')[0];
        string[] pinned = ["-c", processor, "unshare", "--mount", "--propagation", "private", "sh", "-c", script, "-", Repository.Binary("vitrine-glass"), _directory];

        Assert.Equal("kept", Command.Run("taskset", pinned).ShouldSucceed().Text);
    }

    [Fact]
    public void Descriptors_AndIgnoredSignals_ArePassedOn()
    {
        const string script = """trap '' HUP USR2; exec 7</etc/hostname; "$@" sh -c 'grep SigIgn /proc/self/status; cat <&7'""";
        var theirs = Command.Run("env", NamespaceProbe.Defaults, "sh", "-c", script, "-", "unshare", "-u").ShouldSucceed();
        var ours = Command.Run("env", NamespaceProbe.Defaults, "sh", "-c", script, "-", Repository.Binary("vitrine-glass"), "ns", "run", "-u").ShouldSucceed();

        Assert.Equal(theirs.Text, ours.Text);
        Assert.Equal(2, ours.Lines.Length);
    }

    [Fact]
    public void Signal_ReachesTheCommand()
    {
        using var run = Command.Start(Repository.Binary("vitrine-glass"),
            ["ns", "run", "-u", "sh", "-c", "trap 'echo got; exit 5' TERM; echo ready; while :; do sleep 0.1; done"]);
        Assert.Equal("ready", run.StandardOutput.ReadLine());

        Command.Run("kill", "-TERM", $"{run.Id}").ShouldSucceed();

        Assert.Equal("got", run.StandardOutput.ReadLine());
        Assert.True(run.WaitForExit(60_000));
        Assert.Equal(5, run.ExitCode);
    }

    [Fact]
    public void Stop_OfTheCommandStopsBoth_AndContinueContinuesBoth()
    {
        using var run = Command.Start(Repository.Binary("vitrine-glass"), ["ns", "run", "-u", "sh", "-c", "echo $$; read line; echo $line"]);
        var pid = int.Parse(run.StandardOutput.ReadLine()!);

        Command.Run("kill", "-STOP", $"{pid}").ShouldSucceed();
        Eventually.True(() => ProcessTable.Status(run.Id, "State")[0] == 'T', "the starter stops with its command", 60);
        Command.Run("kill", "-CONT", $"{run.Id}").ShouldSucceed();
        Eventually.True(() => ProcessTable.Status(pid, "State")[0] == 'S', "the command is continued", 60);

        run.StandardInput.WriteLine("on");
        Assert.Equal("on", run.StandardOutput.ReadLine());
        Assert.True(run.WaitForExit(60_000));
    }

    [Theory]
    [InlineData(true, "-u")]
    [InlineData(true, "--fork", "--kill-child")]
    [InlineData(true, "-pf", "--kill-child=TERM")]
    [InlineData(false, "--fork", "-u")]
    public void Starter_KilledBySIGKILL_TakesTheCommandAlongOrNot(bool dies, params string[] flags)
    {
        using var run = Command.Start(Repository.Binary("vitrine-glass"), ["ns", "run", .. flags, "sh", "-c", "trap 'exit 0' TERM; echo ready; read line; echo $line"]);
        Assert.Equal("ready", run.StandardOutput.ReadLine());

        run.Kill();
        run.WaitForExit();

        // A command that lives on answers; one that was ended leaves the pipe.
        if (!dies)
            run.StandardInput.WriteLine("alive");
        Assert.Equal(dies ? null : "alive", run.StandardOutput.ReadLine());
    }

    [Fact]
    public void Terminal_IsTheCallersOwn()
    {
        Need.Program("script", "util-linux");
        const string probe = "sh -c 'test -t 0 && test -t 1 && stty size </dev/tty && ps -o tpgid=,pgid= -p $$ | awk \"{print (\\$1==\\$2)}\"'";
        var ours = Command.Run("script", "-qec", $"stty rows 31 cols 97; {Repository.Binary("vitrine-glass")} ns run -u {probe}", "/dev/null").ShouldSucceed();
        var theirs = Command.Run("script", "-qec", $"stty rows 31 cols 97; unshare -u {probe}", "/dev/null").ShouldSucceed();

        Assert.Equal(theirs.Text, ours.Text);
        Assert.Contains("31 97", ours.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void User_WithoutRights_MapsHimself()
    {
        Need.Program("setpriv", "setpriv");
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        foreach (var program in new[] { "vitrine-glass", "vitrine-shim" })
            File.Copy(Repository.Binary(program), Path.Combine(_directory, program));
        string[] user = ["--reuid", "4321", "--regid", "4321", "--clear-groups", "--inh-caps=-all", "env", NamespaceProbe.Defaults];
        foreach (var flags in new[] { "-r", "-c", "-rm", "-rpf --mount-proc", "-rT --boottime 7", "-Un", "-rnu --hostname x" })
        {
            var words = flags.Split(' ');
            var ours = Command.Run("setpriv", [.. user, Path.Combine(_directory, "vitrine-glass"), "ns", "run", .. words, "sh", "-c", NamespaceProbe.Relative]).ShouldSucceed();
            if (words.Contains("--hostname"))
                continue;
            Assert.Equal(Command.Run("setpriv", [.. user, "unshare", .. words, "sh", "-c", NamespaceProbe.Relative]).ShouldSucceed().Text, ours.Text);
        }

        Command.Run("setpriv", [.. user, Path.Combine(_directory, "vitrine-glass"), "ns", "run", "-n", "true"]).ShouldFail(1, "operation not permitted");
    }

    [Fact]
    public void Explain_PrintsTheStepsAndRunsNothing()
    {
        var text = Ours("--explain", "-rpf", "--mount-proc", "touch", $"{_directory}/made").ShouldSucceed().Stdout;

        Assert.Contains("unshare(", text, StringComparison.Ordinal);
        Assert.Contains("execve", text, StringComparison.Ordinal);
        Assert.False(File.Exists($"{_directory}/made"));
    }

    [Fact]
    public void Wrong_IsNamed()
    {
        Ours("--root", "/no/such/root", "true").ShouldFail(1, "/no/such/root");
        Ours("--uts=/no/such/file", "true").ShouldFail(1, "/no/such/file");
        Ours("--boottime", "5", "true").ShouldFail(1, "--time");
        Ours("--moon", "true").ShouldFail(125, "--moon");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static CommandResult Ours(params string[] arguments) => Command.Run(Repository.Binary("vitrine-glass"), ["ns", "run", .. arguments]);
}
