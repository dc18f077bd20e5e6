using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

public sealed class SpawnTests
{
    [Fact]
    public void Run_MoreBytesThanAPipeHolds_ComeBackWhole()
    {
        var input = new byte[300_000];
        new Random(7).NextBytes(input);

        var run = Spawn.Run(["cat"], input);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(input, run.Output);
        Assert.Empty(run.Errors);
    }

    [Fact]
    public void Run_ProgramThatFails_GivesCodeAndBothOutputs()
    {
        var run = Spawn.Run(["sh", "-c", "echo out; echo err >&2; exit 42"]);

        Assert.Equal(42, run.ExitCode);
        Assert.Equal("out\n", Encoding.UTF8.GetString(run.Output));
        Assert.Equal("err\n", Encoding.UTF8.GetString(run.Errors));
    }

    [Fact]
    public void Run_ProgramEndedBySignal_CountsAsAShellDoes()
    {
        var run = Spawn.Run(["sh", "-c", "kill -TERM $$"]);

        Assert.Equal(new ExitStatus(143, 15), run.Status);
    }

    [Fact]
    public void Run_ProgramThatDoesNotRead_IsNoError() =>
        Assert.Equal(3, Spawn.Run(["sh", "-c", "exec 0<&-; exit 3"], new byte[200_000]).ExitCode);

    [Fact]
    public void Run_MissingProgram_SaysENOENT()
    {
        var error = Assert.Throws<LinuxException>(() => Spawn.Run(["no-such-program-here"]));

        Assert.Equal(Errno.ENOENT, error.Errno);
    }

    [Fact]
    public void Run_TooSlow_IsKilled() =>
        Assert.Equal(Errno.ETIMEDOUT, Assert.Throws<LinuxException>(() => Spawn.Run(["sleep", "30"], timeout: 50)).Errno);

    [Fact]
    public void Run_TooMuchOutput_IsKilled() =>
        Assert.Equal(Errno.EMSGSIZE, Assert.Throws<LinuxException>(() => Spawn.Run(["cat", "/dev/zero"], limit: 10_000)).Errno);

    [Fact]
    public void Start_SwappedDescriptors_ArriveWhereTheyWereSent()
    {
        using var first = Pipe.Create();
        using var second = Pipe.Create();
        Fd.WriteAll(first.Writer, "first"u8);
        Fd.WriteAll(second.Writer, "second"u8);
        first.Writer.Dispose();
        second.Writer.Dispose();
        using var output = Pipe.Create();

        using var process = Spawn.Start(new SpawnRequest
        {
            Program = "/bin/sh",
            Arguments = ["sh", "-c", "cat <&3; cat <&4; ls /proc/self/fd | tr '\\n' ' '"],
            Descriptors = new Dictionary<int, SafeFileHandle> { [1] = output.Writer, [3] = second.Reader, [4] = first.Reader },
        });
        output.Writer.Dispose();
        var text = ReadToEnd(output.Reader);

        // The last number is the one ls itself opens: nothing else of ours came along.
        Assert.StartsWith("secondfirst0 1 2 3 4 ", text, StringComparison.Ordinal);
        Assert.Equal(6, text["secondfirst".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(0, process.Wait().Code);
    }

    [Fact]
    public void Start_NewSessionAndMask_AreTheProgramsOwn()
    {
        using var output = Pipe.Create();
        using var process = Spawn.Start(new SpawnRequest
        {
            Program = "grep",
            Arguments = ["grep", "-E", "^(NSsid|SigBlk|SigIgn)", "/proc/self/status"],
            SearchPath = true,
            NewSession = true,
            BlockedSignals = [15, 17],
            Environment = [],
            Descriptors = new Dictionary<int, SafeFileHandle> { [1] = output.Writer },
        });
        output.Writer.Dispose();
        var text = ReadToEnd(output.Reader);

        Assert.Contains($"NSsid:\t{process.Pid}\n", text, StringComparison.Ordinal);
        Assert.Contains("SigBlk:\t0000000000014000\n", text, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TryWait_WhileItRuns_IsNull()
    {
        using var process = Spawn.Start(new SpawnRequest { Program = "/bin/sleep", Arguments = ["sleep", "30"] });

        Assert.Null(process.TryWait());
        process.Kill();
        Assert.Equal(new ExitStatus(137, 9), process.Wait());
        Assert.Equal(new ExitStatus(137, 9), process.TryWait());
    }

    private static string ReadToEnd(SafeFileHandle file)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        for (int count; (count = Fd.Read(file, buffer)) > 0;)
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        return text.ToString();
    }
}
