using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Runtime;
using Vitrine.Runtime.Namespaces;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime.Namespaces;

/// <summary>The order of the steps, as the program's text shows it.</summary>
public sealed class NamespaceCompilerTests
{
    [Fact]
    public void Run_TakesUnsharesSteps_InItsOrder()
    {
        var text = Text(new NamespaceRequest
        {
            New = [NamespaceKind.User, NamespaceKind.Pid, NamespaceKind.Mount, NamespaceKind.Time],
            UidMap = "0 1000 1\n",
            Forks = true,
            Monotonic = 10,
            Propagation = MountFlags.Private | MountFlags.Recursive,
            Root = "/r",
            ProcMountPoint = "/proc",
            Gid = 0,
            Uid = 0,
        });

        NamespaceText.InOrder(text, "unshare(CLONE_NEWTIME|CLONE_NEWNS|CLONE_NEWUSER|CLONE_NEWPID)", "wait for the id maps", "\"monotonic 10 0\"", "fork the next stage",
            "wait for the parent", "MS_REC|MS_PRIVATE", "chroot(\"/r\")", "chdir(\"/\")", "MS_NOSUID|MS_NODEV|MS_NOEXEC",
            "setgroups", "setresgid", "setresuid", "report ready", "execve([\"/bin/sh\"], [\"sh\", \"-c\", \"true\"]");
        Assert.DoesNotContain("PR_SET_DUMPABLE", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithoutMaps_AsksForNone() =>
        Assert.DoesNotContain("id maps", Text(new NamespaceRequest { New = [NamespaceKind.User] }), StringComparison.Ordinal);

    [Fact]
    public void Enter_OpensTheCallersPaths_BeforeItJoins()
    {
        var text = Text(new NamespaceRequest
        {
            Target = 77,
            Joined = [NamespaceKind.Mount, NamespaceKind.Pid],
            JoinedFiles = [new NamespaceFile(NamespaceKind.Network, "/run/netns/a")],
            Root = "/proc/77/root",
            WorkingDirectory = "/proc/77/cwd",
            Forks = true,
        });

        NamespaceText.InOrder(text, "PR_SET_DUMPABLE, 0", "\"/proc/77/root\"", "\"/proc/77/cwd\"", "\"/run/netns/a\"", "setns(9, CLONE_NEWNS|CLONE_NEWPID)", "CLONE_NEWNET",
            "fork the next stage", "chroot(\".\")", "execve");
    }

    [Fact]
    public void Enter_UserNamespaceByFile_TriesTheOthersBeforeAndAfter()
    {
        var text = Text(new NamespaceRequest
        {
            JoinedFiles = [new NamespaceFile(NamespaceKind.User, "/u"), new NamespaceFile(NamespaceKind.Network, "/n")],
            ClearsGroups = true,
            Uid = 0,
            Gid = 0,
        });

        NamespaceText.InOrder(text, "CLONE_NEWNET)  [EPERM: go to", "CLONE_NEWUSER)", "CLONE_NEWNET)  [EBADF: go on]", "setgroups(0)  [EPERM: go on]");
    }

    [Fact]
    public void Kept_NamespacesAreMade_BeforeTheParentBindsThem()
    {
        var text = Text(new NamespaceRequest { New = [NamespaceKind.Uts], Kept = [new NamespaceFile(NamespaceKind.Uts, "/f")] });

        NamespaceText.InOrder(text, "unshare(CLONE_NEWUTS)", "wait for the parent's hooks", "execve");
    }

    [Theory]
    [InlineData(0, "(PR_SET_PDEATHSIG, 0)")]
    [InlineData(Signals.SIGTERM, "(PR_SET_PDEATHSIG, 15)")]
    public void Command_EndsWithItsStarter_AsAsked(int signal, string call)
    {
        var text = Text(new NamespaceRequest { New = [NamespaceKind.Uts], DeathSignal = signal });

        Assert.Contains(call, text[text.IndexOf("unblock all signals", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void IgnoredSignals_StayIgnored()
    {
        var text = Text(new NamespaceRequest(), new NamespaceCommand(["sh"], ["sh"], ["PATH=/x:/y"], [Signals.SIGHUP]));

        NamespaceText.InOrder(text, "reset all signals", "rt_sigaction(1)", "execve([\"/x/sh\", \"/y/sh\"], [\"sh\"]");
    }

    [Fact]
    public void DefaultShell_FallsBackToSh()
    {
        var text = Text(new NamespaceRequest(), new NamespaceCommand(["/bin/zsh", "/bin/sh"], ["-zsh"], [], []));

        Assert.Contains("execve([\"/bin/zsh\", \"/bin/sh\"], [\"-zsh\"]", text, StringComparison.Ordinal);
    }

    private static string Text(NamespaceRequest request, NamespaceCommand? command = null)
    {
        using var pidFd = new SafeFileHandle(9, ownsHandle: false);
        var target = request.Target == 0 ? null : new ExecTarget(request.Target, pidFd);
        var program = NamespaceCompiler.Compile(request, target, command ?? new NamespaceCommand(["/bin/sh"], ["sh", "-c", "true"], [], []));
        using var text = new StringWriter { NewLine = "\n" };
        program.Render(text);
        return text.ToString();
    }
}
