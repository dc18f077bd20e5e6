using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Conformance.Terminal;

/// <summary>--console-socket and --pidfd-socket: what a process is held by goes to who asked for it.</summary>
public sealed class SocketTests : IDisposable
{
    private const string Conversation = "tty; read -t 60 line; echo \"got $line\"";
    private readonly Bundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Create_ConsoleSocket_GetsTheTerminal()
    {
        using var socket = new DescriptorSocket($"{_bundle.Path}/console");
        _bundle.Spec["process"]!["terminal"] = true;
        _bundle.Spec["process"]!["args"] = new JsonArray("sh", "-c", Conversation);
        _bundle.Create("--console-socket", socket.Path).ShouldSucceed();
        using var master = socket.Receive();

        _bundle.Ok("start", _bundle.Id);

        Converse(master);
    }

    [Fact]
    public void Exec_ConsoleSocket_GetsTheTerminalOfTheProcess()
    {
        _bundle.StartSleeper();
        using var socket = new DescriptorSocket($"{_bundle.Path}/console");
        _bundle.Ok("exec", "--detach", "--tty", "--console-socket", socket.Path, _bundle.Id, "sh", "-c", Conversation);
        using var master = socket.Receive();

        Converse(master);
    }

    [Fact]
    public void PidFdSocket_GetsADescriptorOfTheProcess()
    {
        using (var socket = new DescriptorSocket($"{_bundle.Path}/created"))
        {
            _bundle.Spec["process"]!["args"] = new JsonArray("sleep", "1000");
            _bundle.Create("--pidfd-socket", socket.Path).ShouldSucceed();
            using var first = socket.Receive();
            Assert.Equal(_bundle.Pid, PidOf(first));
        }

        _bundle.Ok("start", _bundle.Id);
        using var executed = new DescriptorSocket($"{_bundle.Path}/executed");
        Command.Run("sh", "-c", "exec \"$@\" >/dev/null 2>&1", "sh", Bundle.RuntimePath, "--root", $"{_bundle.Path}/state", "exec", "--detach",
            "--pid-file", $"{_bundle.Path}/pid", "--pidfd-socket", executed.Path, _bundle.Id, "sleep", "1000").ShouldSucceed();
        using var second = executed.Receive();
        Assert.Equal(int.Parse(File.ReadAllText($"{_bundle.Path}/pid")), PidOf(second));
    }

    [Theory]
    [InlineData("--console-socket", true)]
    [InlineData("--pidfd-socket", false)]
    public void Create_WhereNobodyListens_FailsAndLeavesNoContainer(string flag, bool terminal)
    {
        _bundle.Spec["process"]!["terminal"] = terminal;

        Assert.NotEqual(0, _bundle.Create(flag, $"{_bundle.Path}/nobody").ExitCode);

        Assert.NotEqual(0, _bundle.Runtime("state", _bundle.Id).ExitCode);
    }

    /// <summary>The program at the other end of a terminal says where it is, is told something, and tells that it heard it.</summary>
    private static void Converse(SafeFileHandle master)
    {
        using var stream = new FileStream(master, FileAccess.ReadWrite, bufferSize: 0);
        ReadUntil(stream, "/dev/pts/");
        stream.Write("hello\n"u8);
        ReadUntil(stream, "got hello");
    }

    /// <summary>Ends by EIO when the program ends, which it does after a minute at the latest.</summary>
    private static void ReadUntil(FileStream stream, string expected)
    {
        var text = new StringBuilder();
        var buffer = new byte[256];
        while (!text.ToString().Contains(expected, StringComparison.Ordinal))
        {
            var count = stream.Read(buffer);
            Assert.True(count > 0, $"the terminal ended after '{text}'");
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }

    private static int PidOf(SafeFileHandle descriptor)
    {
        var line = File.ReadLines($"/proc/self/fdinfo/{descriptor.DangerousGetHandle()}").First(line => line.StartsWith("Pid:", StringComparison.Ordinal));
        return int.Parse(line.AsSpan(4).Trim());
    }
}
