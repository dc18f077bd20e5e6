using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Runtime;
using Vitrine.Runtime.Namespaces;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime.Namespaces;

public sealed class DebugCompilerTests
{
    private static readonly ToolsRoot s_host = new() { Directories = ["/usr"], Links = new Dictionary<string, string> { ["bin"] = "usr/bin" } };

    [Fact]
    public void Mounts_AreMadeOnlyInTheOwnNamespace()
    {
        var text = Text([NamespaceKind.Mount, NamespaceKind.Pid, NamespaceKind.Network], s_host);

        // Between going to the container's mount namespace and coming back there is one call, which copies.
        NamespaceText.InOrder(text, "\"/proc/77/root\"", "unshare(CLONE_NEWNS)", "MS_REC|MS_PRIVATE", "setns(9, CLONE_NEWPID|CLONE_NEWNET)", "open_tree(AT_FDCWD, \"/usr\"",
            "MOUNT_ATTR_RDONLY", "setns(9, CLONE_NEWNS)", "OPEN_TREE_CLONE", "CLONE_NEWNS)", "MS_PRIVATE", "fork the next stage", "wait for the parent",
            "\"tmpfs\"", "symlinkat(\"usr/bin\"", "\"container\"", "\"proc\"", "\"sysfs\"", "pivot_root", "umount2", "chdir(\"/container\")", "execve");
        var away = text[text.IndexOf("setns(9, CLONE_NEWNS)", StringComparison.Ordinal)..];
        away = away[away.IndexOf('\n', StringComparison.Ordinal)..];
        Assert.Equal(1, away[..away.IndexOf("setns(", StringComparison.Ordinal)].Count(character => character == '\n') - 1);
    }

    [Fact]
    public void UserNamespace_IsJoinedBeforeTheMountsAreCopied() =>
        NamespaceText.InOrder(Text([NamespaceKind.User, NamespaceKind.Mount], s_host), "setns(9, CLONE_NEWUSER)", "setresuid(0, 0, 0)", "unshare(CLONE_NEWNS)");

    [Fact]
    public void Image_IsALayerInMemoryOverItsLayers() =>
        NamespaceText.InOrder(Text([NamespaceKind.Mount], new ToolsRoot { Layers = ["/layers/b", "/layers/a"] }), "\"upper\"", "overlay", "pivot_root");

    [Fact]
    public void Confinement_IsTheContainers()
    {
        var confinement = new Confinement { Uid = 33, Gid = 34, Groups = [35], Bounding = 1, Permitted = 1, Effective = 1, NoNewPrivileges = true, Profile = "docker-default" };

        var text = Text([NamespaceKind.Mount], s_host with { Confinement = confinement });

        NamespaceText.InOrder(text, "exec docker-default", "drop from the bounding set(CAP_CHOWN)", "setresgid(34, 34, 34)", "setresuid(33, 33, 33)",
            "effective 0x1, permitted 0x1", "PR_SET_NO_NEW_PRIVS", "close_range", "execve");
        Assert.DoesNotContain("setsid", text, StringComparison.Ordinal);
    }

    private static string Text(IReadOnlyList<NamespaceKind> joined, ToolsRoot tools)
    {
        using var pidFd = new SafeFileHandle(9, ownsHandle: false);
        var request = new NamespaceRequest
        {
            Target = 77,
            Joined = joined,
            Forks = joined.Contains(NamespaceKind.Pid),
            InnerWorkingDirectory = ToolsRoot.ContainerDirectory,
            Tools = tools,
        };
        var program = DebugCompiler.Compile(request, new ExecTarget(77, pidFd), new NamespaceCommand(["sh"], ["sh"], ["PATH=/bin"], []), null);
        using var text = new StringWriter { NewLine = "\n" };
        program.Render(text);
        return text.ToString();
    }
}
