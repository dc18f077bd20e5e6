using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Running;

/// <summary>-t in a real terminal: tmux is the person at the keyboard.</summary>
public sealed class TerminalTests(BusyboxSandbox box) : IClassFixture<BusyboxSandbox>
{
    [Fact]
    public void Interactive_TypingResizingAndDetaching_Work()
    {
        Need.Program("tmux", "root");
        using var screen = new Screen(box, "run -it --name term busybox sh");
        screen.Shows("/ #");

        screen.Type("tty; stty size");
        screen.Shows("/dev/pts/0");
        screen.Shows("24 80");

        screen.Resize(100, 40);
        Eventually.True(() => screen.TypeAndRead("stty size").Contains("40 100", StringComparison.Ordinal), "the resize arrives inside");

        screen.Keys("C-c");
        screen.Type("echo still-here");
        screen.Shows("still-here");

        screen.Keys("C-p");
        screen.Keys("C-q");
        Eventually.Equal("running", () => box.Inspect("term", "{{.State.Status}}"));
        screen.Shows("exit code 0");
        Assert.Equal("detach", box.Ok("events", "--since", "1h", "--until", "0s", "--filter", "container=term", "--filter", "event=detach", "--format", "{{.Action}}"));

        screen.Command("attach term");
        screen.Keys("Enter");
        screen.Type("exit 4");
        screen.Shows("exit code 4");
        Assert.Equal("4", box.Inspect("term", "{{.State.ExitCode}}"));
    }

    [Fact]
    public void Exec_WithATerminal_HasOne()
    {
        box.Ok("run", "-d", "--name", "host", "busybox", "sleep", "600");
        using var screen = new Screen(box, "exec -it host sh");
        screen.Shows("/ #");

        screen.Type("tty; stty size; exit 6");

        screen.Shows("/dev/pts/");
        screen.Shows("24 80");
        screen.Shows("exit code 6");
    }

    [Theory]
    [InlineData("C-p C-q", "exec_detach")]
    [InlineData("", "")]
    public void Exec_LeftOrKilled_GoesOn(string keys, string told)
    {
        var name = "left" + keys.Length;
        box.Ok("run", "-d", "--name", name, "busybox", "sleep", "600");
        // What is typed shows too: it must not be what is waited for.
        using var screen = new Screen(box, $"exec -it {name} sh -c 'echo be\"\"gun; sleep 0.5; yes | head -c 200000; touch /tmp/done; exec sleep 600'");
        screen.Shows("begun");

        foreach (var key in keys.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            screen.Keys(key);
        if (keys.Length == 0)
            screen.Dispose();

        Eventually.True(() => box.Vitrine("exec", name, "test", "-e", "/tmp/done").ExitCode == 0, "it goes on though nobody reads what it writes", 30);
        Eventually.Equal(told, () => box.Ok("events", "--since", "1h", "--until", "0s", "--filter", $"container={name}", "--filter", "event=exec_detach", "--format", "{{.Action}}"), 30);
        box.Ok("rm", "-f", name);
        Assert.Contains("137", box.Ok("events", "--since", "1h", "--until", "0s", "--filter", $"container={name}", "--filter", "event=exec_die",
            "--format", "{{.Actor.Attributes.exitCode}}").Split('\n'));
    }

    [Fact]
    public void Terminal_IsRestoredAfterwards()
    {
        using var screen = new Screen(box, "run --rm -it busybox true");
        screen.Shows("exit code 0");

        screen.Raw("stty -a | tr ';' '\\n' | grep -c -w -e '-icanon' -e '-echo'; echo restored-$?");

        screen.Shows("restored-1");
    }
}
