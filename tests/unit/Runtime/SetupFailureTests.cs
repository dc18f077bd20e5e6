using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime;

public sealed class SetupFailureTests
{
    [Theory]
    [InlineData("foo", Errno.ENOENT, 127, "unable to start container process: exec: \"foo\": executable file not found in $PATH")]
    [InlineData("/foo", Errno.ENOENT, 127, "unable to start container process: exec: \"/foo\": stat /foo: no such file or directory")]
    [InlineData("/foo", Errno.EACCES, 126, "unable to start container process: exec: \"/foo\": permission denied")]
    [InlineData("/foo", Errno.EISDIR, 126, "unable to start container process: exec: \"/foo\": is a directory")]
    [InlineData("/foo", Errno.ENOEXEC, 126, "unable to start container process: exec: \"/foo\": exec format error")]
    public void ToException_Command_HasDockersWordsAndExitCode(string command, Errno errno, int exitCode, string message)
    {
        var program = Compile(command);

        var error = SetupFailure.ToException(program, IndexOf(program, Operation.Execute), (long)errno);

        Assert.Equal(message, error.Message);
        Assert.Equal(exitCode, error.ExitCode);
    }

    [Fact]
    public void ToException_MissingLoader_IsNotAMissingFile()
    {
        var program = Compile("/script");

        var error = SetupFailure.ToException(program, IndexOf(program, Operation.Execute), (long)Errno.ENOENT | ControlMessage.LoaderMissing);

        Assert.Contains("the interpreter or loader it needs is missing", error.Message, StringComparison.Ordinal);
        Assert.Equal(127, error.ExitCode);
    }

    [Fact]
    public void ToException_Mount_NamesOperationPathOptionsAndErrno()
    {
        var program = Compile("sh");
        var index = Array.FindIndex(program.Instructions, instruction =>
            instruction.Call == Syscall.fsmount && program.Steps[instruction.Step].Object == "/proc");

        var error = SetupFailure.ToException(program, index, (long)Errno.EPERM);

        Assert.Equal("unable to start container process: error during container init: " +
            "mount proc on '/proc' (nosuid,nodev): fsmount: EPERM: operation not permitted", error.Message);
        Assert.Equal(125, error.ExitCode);
    }

    [Fact]
    public void ToException_MountOfTheWrongKind_AsksDockersQuestion()
    {
        var program = Compile("sh");

        var error = SetupFailure.ToException(program, IndexOf(program, Operation.MountPoint), (long)Errno.ENOTDIR);

        Assert.Contains("Are you trying to mount a directory onto a file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToException_WorkingDirectory_IsNamed()
    {
        var program = Compile("sh");
        var index = Array.FindLastIndex(program.Instructions, instruction => program.Steps[instruction.Step].Kind == StepKind.WorkingDirectory);

        var error = SetupFailure.ToException(program, index, (long)Errno.ENOTDIR);

        Assert.Equal("unable to start container process: chdir to cwd (\"/srv\") set in config.json failed: not a directory", error.Message);
        Assert.Equal(126, error.ExitCode);
    }

    private static int IndexOf(SetupProgram program, Operation operation) =>
        Array.FindIndex(program.Instructions, instruction => instruction.Operation == operation);

    private static SetupProgram Compile(string command) => SetupCompiler.Compile(
        new Spec
        {
            Root = new Root { Path = "/rootfs" },
            Process = new ProcessSpec { Args = [command], Cwd = "/srv" },
            Mounts = [new Mount { Destination = "/proc", Type = "proc", Source = "proc", Options = ["nosuid", "nodev"] }],
            Linux = new LinuxSpec { Namespaces = [new Namespace { Type = "mount" }] },
        },
        new SetupOptions { BundlePath = "/bundle", RootfsMountPoint = "/run/rootfs", AvailableCapabilities = 0 });
}
