using System.Text.Json;
using System.Text.RegularExpressions;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary><c>vitrine lab</c> on the real system: every lesson, and what is left of a lab however it ends.</summary>
public sealed partial class LabTests : IDisposable
{
    private const string Tiny = """
        # Tiny
        A lesson for tests.

        ## One
        Says a word and where it is.

        ```sh
        echo hello
        dirname $(cg pids)
        ```
        ```check
        it says hello: grep -qx hello $OUT
        ```
        > That was it.

        ## Two
        Says another.

        ```sh
        echo kept >$LAB/file
        echo world
        ```
        ```check
        it says world: grep -qx world $OUT
        ```
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);

    private readonly string _directory = Directory.CreateTempSubdirectory("vitrine-lab-test-").FullName;

    public LabTests()
    {
        Need.Root();
        Need.Overlay();
        Need.Program("busybox", "busybox-static");
    }

    public static TheoryData<string> Lessons =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "src/Vitrine.Glass/Labs/Lessons"), "*.md").Select(file => Path.GetFileNameWithoutExtension(file).Split('-', 2)[0]).Order()];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Lessons))]
    public void Lesson_RunUnattended_Passes(string number)
    {
        var run = Lab("run", number, "--json");

        using var json = JsonDocument.Parse(run.Stdout);
        var lesson = json.RootElement.GetProperty("lessons")[0];
        Assert.True(run.ExitCode == 0, $"{run.Stderr}\n{lesson}");
        Assert.True(json.RootElement.GetProperty("passed").GetBoolean());
        Assert.Equal(int.Parse(number), lesson.GetProperty("number").GetInt32());
        var states = lesson.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()).ToList();
        Assert.Contains("passed", states);
        Assert.All(states, state => Assert.True(state is "passed" or "skipped", state));
        Assert.All(lesson.GetProperty("steps").EnumerateArray().Where(step => step.GetProperty("state").GetString() == "skipped"),
            step => Assert.Contains("this host has no ", step.GetProperty("reason").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Run_Text_ShowsEachStepAndLeavesNothing()
    {
        var text = Lab("run", Lesson(Tiny), "--yes").ShouldSucceed().Stdout;

        foreach (var expected in (string[])["Tiny", "A lesson for tests.", "1. One", "Says a word and where it is.", "echo hello", "│ hello", "✓   it says hello", "That was it.", "2 of 2 steps passed"])
            Assert.Contains(expected, text, StringComparison.Ordinal);
        ShouldBeGone(text);
    }

    [Fact]
    public void Check_ThatDoesNotHold_EndsTheLessonAndIsNamed()
    {
        var file = Lesson(Tiny.Replace("grep -qx hello $OUT", "echo looking; grep -qx goodbye $OUT", StringComparison.Ordinal));

        var run = Lab("run", file, "--yes").ShouldFail(1, "lesson lesson, step 1 (One): expected: it says hello (echo looking; grep -qx goodbye $OUT)");

        foreach (var expected in (string[])["│ hello", "✗   it says hello", "│ looking", "0 of 2 steps passed, 1 failed, 1 not run"])
            Assert.Contains(expected, run.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("world", run.Stdout, StringComparison.Ordinal);
        ShouldBeGone(run.Stdout);
    }

    [Fact]
    public void Commands_ThatFail_AreNamedWithTheirOutput()
    {
        var run = Lab("run", Lesson(Tiny.Replace("echo hello", "echo broken; false", StringComparison.Ordinal)), "--json").ShouldFail(1, "step 1 (One): expected: the commands succeed; they ended with exit code 1");

        var steps = JsonDocument.Parse(run.Stdout).RootElement.GetProperty("lessons")[0].GetProperty("steps");
        Assert.Equal(["failed", "notRun"], steps.EnumerateArray().Select(step => step.GetProperty("state").GetString()));
        Assert.Equal("broken\n", steps[0].GetProperty("output").GetString());
        Assert.Empty(steps[0].GetProperty("checks").EnumerateArray());
    }

    [Fact]
    public void Step_ThatDoesNotApply_IsLeftOutWithTheReason() =>
        Assert.Contains("left out: this host has no program no-such-program",
            Lab("run", Lesson(Tiny.Replace("## Two", "## Two\nonly: program no-such-program", StringComparison.Ordinal)), "--yes").ShouldSucceed().Stdout, StringComparison.Ordinal);

    [Fact]
    public void Sandbox_IsTheLessonsOwn()
    {
        Need.CgroupV1();
        var file = Lesson(Step("""
            readlink /proc/self/ns/net /proc/self/ns/mnt /proc/self/ns/pid /proc/self/ns/uts
            ip link add only-here type veth peer name other-end
            ls -d /sys/class/net/*/ | sort | tr '\n' ' '; ls /sys/fs/cgroup/pids/cgroup.procs; ip link del only-here
            ip -o link | wc -l
            hostname lab-test-host
            mount -t tmpfs tmpfs /mnt
            vitrine run --rm $IMAGE sh -c 'echo in a container'
            vitrine run -d --name low $IMAGE sleep 600 >/dev/null
            grep -o 'pids:/vitrine-lab-.*/vitrine/' /proc/$(vitrine inspect -f '{{.State.Pid}}' low)/cgroup | cut -c1-18
            VITRINE_CGROUP_PARENT=nowhere vitrine ps 2>&1 || echo refused
            vitrine rm -f low >/dev/null
            vitrine ps -aq | wc -l
            chroot $ROOTFS busybox echo in the root
            touch $ROOTFS/x || echo read-only
            printf 'a\033]0;title\007b\n'
            """));
        var host = File.ReadAllText("/proc/sys/kernel/hostname");

        var output = JsonDocument.Parse(Lab("run", file, "--json").ShouldSucceed().Stdout).RootElement.GetProperty("lessons")[0].GetProperty("steps")[0].GetProperty("output").GetString()!.Split('\n');

        Assert.All(output[..4], link => Assert.DoesNotContain(link, Directory.GetFiles("/proc/self/ns").Select(file => new FileInfo(file).LinkTarget)));
        Assert.Equal("/sys/class/net/lo/ /sys/class/net/only-here/ /sys/class/net/other-end/ /sys/fs/cgroup/pids/cgroup.procs", output[4]);
        Assert.Equal(["1", "in a container", "pids:/vitrine-lab-", "vitrine: VITRINE_CGROUP_PARENT: invalid cgroup parent: nowhere", "refused", "0", "in the root"], output[5..12]);
        Assert.Contains("read-only", output);
        Assert.Equal(host, File.ReadAllText("/proc/sys/kernel/hostname"));
        Assert.DoesNotContain("\u001b", Lab("run", file, "--yes").ShouldSucceed().Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public void Image_FromAnArchiveOrTheUsersStore_TakesBusyboxsPlace()
    {
        var file = Lesson(Step("""
            vitrine run --rm $IMAGE sh -c 'echo from the image'
            test -x $ROOTFS/bin/busybox && echo unpacked
            """));
        using var box = new Sandbox("busybox");

        Assert.Contains("│ from the image\n  │ unpacked", Lab("run", file, "--yes", "--image", TestImages.Archive("busybox")).ShouldSucceed().Stdout, StringComparison.Ordinal);
        Assert.Contains("│ from the image\n  │ unpacked", box.Ok("lab", "run", file, "--yes", "--image", "busybox"), StringComparison.Ordinal);
        box.Vitrine("lab", "run", file, "--yes", "--image", "nothing").ShouldFail(1, "the lab's image cannot be made");
        Lab("run", file, "--yes", "--image", "./nothing.tar").ShouldFail(1, "there is no such file");
    }

    [Fact]
    public void Busybox_ThatIsNotStatic_IsRefusedWithTheWayOut()
    {
        const string covered = "mount --bind /bin/true \"$(readlink -f \"$(command -v busybox)\")\" && exec \"$0\" \"$@\"";

        Command.Run("unshare", "--mount", "sh", "-c", covered, Repository.Binary("vitrine"), "lab", "run", Lesson(Tiny), "--yes").ShouldFail(1, "apt install busybox-static");
    }

    [Fact]
    public void Caller_WithoutRootOrTerminal_IsTold()
    {
        Lab("run", "1").ShouldFail(1, "--yes");
        Command.Run("unshare", "--user", Repository.Binary("vitrine"), "lab", "run", "1", "--yes").ShouldFail(1, "run it as root");
        Lab("run", "nothing", "--yes").ShouldFail(1, "vitrine lab ls");
        Lab("run", Lesson("# Title\n## Step\n"), "--yes").ShouldFail(1, "checks nothing");
        Lab("run").ShouldFail(125, "--all");
    }

    [Fact]
    public void Show_PrintsAllOfIt()
    {
        var file = Lesson(Tiny);

        Assert.Equal(Tiny, Lab("show", "--markdown", file).ShouldSucceed().Stdout);
        foreach (var expected in (string[])["A lesson for tests.", "1. One", "echo hello", "it says hello", "grep -qx hello $OUT", "That was it."])
            Assert.Contains(expected, Lab("show", file).ShouldSucceed().Stdout, StringComparison.Ordinal);
        Assert.Contains("processes", Lab("ls").ShouldSucceed().Stdout, StringComparison.Ordinal);
        Assert.Contains("processes", Command.Run(Repository.Binary("vitrine"), "__complete", "--", "lab", "run", "pro").ShouldSucceed().Stdout, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KILL", -1)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 130)]
    public void Lab_EndedInTheMiddle_LeavesNothingBehindTheNext(string signal, int code)
    {
        var mark = $"9{Random.Shared.Next(100_000, 999_999)}";
        var file = Lesson(Step($"""
            vitrine run -d $IMAGE sleep {mark}1
            vitrine pause $(vitrine run -d $IMAGE sleep {mark}2)
            mkdir $(cg pids)/below
            sleep {mark}3 &
            echo $! >$(cg pids)/below/cgroup.procs
            mount -t tmpfs tmpfs $LAB
            echo "holding $(cg pids)"
            exec sleep {mark}4
            """));
        using var lab = Command.Start("env", ["--default-signal=INT,TERM", Repository.Binary("vitrine"), "lab", "run", file, "--yes"]);
        string? line;
        do
            line = lab.StandardOutput.ReadLine();
        while (line?.Contains("│ holding", StringComparison.Ordinal) == false);
        Assert.NotNull(line);
        // The engine may start a container's program a moment after it has told of it.
        Eventually.True(() => Enumerable.Range(1, 4).All(i => ProcessTable.WithArgument($"sleep {mark}{i}").Any(found => found.EndsWith($"sleep {mark}{i} ", StringComparison.Ordinal))), "everything runs", 60);

        Command.Run("kill", $"-{signal}", $"{lab.Id}").ShouldSucceed();
        Assert.True(lab.WaitForExit(60_000));
        if (code > 0)
            Assert.Equal(code, lab.ExitCode);
        else
            Lab("run", Lesson(Tiny), "--yes").ShouldSucceed();

        Eventually.True(() => ProcessTable.WithArgument($"sleep {mark}").Count == 0, $"no process is left: {string.Join("; ", ProcessTable.WithArgument($"sleep {mark}"))}", 60);
        ShouldBeGone(line);
    }

    [Fact]
    public void Person_AtTheTerminal_RunsSkipsLooksAndLeaves()
    {
        Need.Program("tmux", "root");
        using var box = new Sandbox();
        using var screen = new Screen(box, $"lab run {Lesson(Tiny)}");

        Asks(screen);
        screen.Type("");
        Shows(screen, "│ hello");
        var text = screen.Text();
        Shows(screen, "2. Two");
        screen.Type("!");
        Shows(screen, "lab#");
        // A shell with job control, which gives the terminal back though it cannot name our process group.
        screen.Type("echo in $LAB; sleep 0.1 & wait; cat /proc/1/comm");
        Shows(screen, "in /run/vitrine-lab/lab");
        Shows(screen, "vitrine-glass");
        AsksAgain(screen, "clear; exit");
        AsksAgain(screen, "nonsense");
        Shows(screen, "'nonsense' is none of these answers");
        screen.Type("s");
        Shows(screen, "1 of 2 steps passed, 1 left out");
        Shows(screen, "exit code 0");
        ShouldBeGone(text);

        screen.Command($"lab run {Lesson(Tiny)}");
        Asks(screen);
        screen.Type("q");
        Shows(screen, "0 of 2 steps passed, 2 not run");
        Shows(screen, "exit code 0");
        screen.Command($"lab run {Lesson(Tiny)}");
        Asks(screen);
        screen.Keys("C-c");
        Shows(screen, "Interrupted: the lesson ends");
        Shows(screen, "exit code 130");
    }

    [Fact]
    public void Person_WhoInterruptsAStep_IsNotAskedAboutIt()
    {
        Need.Program("tmux", "root");
        using var box = new Sandbox();
        using var screen = new Screen(box, $"lab run {Lesson(Tiny.Replace("echo hello", "echo hello; sleep 600", StringComparison.Ordinal))}");

        Asks(screen);
        screen.Type("");
        Shows(screen, "│ hello");
        screen.Keys("C-c");
        Shows(screen, "exit code 130");
        Assert.Contains("Interrupted: the lesson ends", screen.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("run it again", screen.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Person_WhoPassesAStepOver_IsToldWhenALaterOneFails()
    {
        Need.Program("tmux", "root");
        using var box = new Sandbox();
        using var screen = new Screen(box, $"lab run {Lesson(Tiny.Replace("echo world", "false", StringComparison.Ordinal))}");

        Asks(screen);
        screen.Type("s");
        Shows(screen, "2. Two");
        AsksAgain(screen, "");
        Shows(screen, "Step 1 was passed over");
        screen.Type("q");
        Shows(screen, "0 of 2 steps passed, 1 failed, 1 left out");
    }

    [Fact]
    public void Person_AfterAFailure_RunsItAgain()
    {
        Need.Program("tmux", "root");
        using var box = new Sandbox();
        using var screen = new Screen(box, $"lab run {Lesson(Tiny.Replace("grep -qx hello $OUT", "test -e $LAB/mended", StringComparison.Ordinal))}");

        Asks(screen);
        screen.Type("");
        Shows(screen, "✗   it says hello");
        Shows(screen, "[r]un it again");
        screen.Type("!");
        Shows(screen, "lab#");
        AsksAgain(screen, "touch $LAB/mended; clear; exit");
        screen.Type("r");
        Shows(screen, "✓   it says hello");
        Shows(screen, "2. Two");
        screen.Type("q");
        Shows(screen, "1 of 2 steps passed, 1 not run");
    }

    private static void Shows(Screen screen, string text) =>
        Eventually.True(() => screen.Text().Contains(text, StringComparison.Ordinal), $"the screen shows '{text}':\n{screen.Text()}", 60);

    /// <summary>Types a line on a screen without the last question, and waits for the next.</summary>
    private static void AsksAgain(Screen screen, string line)
    {
        screen.Type(line);
        Asks(screen);
    }

    /// <summary>Waits for a question as the last line: one further up is an earlier one.</summary>
    private static void Asks(Screen screen) =>
        Eventually.True(() => screen.Text().TrimEnd().EndsWith("[q]uit:", StringComparison.Ordinal), $"it asks:\n{screen.Text()}", 60);

    private static CommandResult Lab(params IEnumerable<string> arguments) => Command.Run(Repository.Binary("vitrine"), ["lab", .. arguments], null, null, s_patience);

    private string Lesson(string text)
    {
        var file = Path.Combine(_directory, "lesson.md");
        File.WriteAllText(file, text);
        return file;
    }

    private static string Step(string commands) => $"# Test\nA lesson for tests.\n\n## Step\nDoes something.\n\n```sh\n{commands}\n```\n```check\nit is done: true\n```\n";

    /// <summary>Fails unless the lab that printed its cgroup has gone with it, with its lock and its mounts.</summary>
    private static void ShouldBeGone(string text)
    {
        var id = LabId().Match(text).Groups[1].Value;
        Assert.NotEmpty(id);
        Assert.DoesNotContain(Directory.GetDirectories("/sys/fs/cgroup"), hierarchy => Directory.Exists($"{hierarchy}/vitrine-lab-{id}"));
        Assert.False(Directory.Exists($"/sys/fs/cgroup/vitrine-lab-{id}"));
        Assert.False(File.Exists($"/run/vitrine-lab/{id}.lock"));
        Assert.DoesNotContain("vitrine-lab", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [GeneratedRegex("vitrine-lab-([0-9a-f]{8})")]
    private static partial Regex LabId();
}
