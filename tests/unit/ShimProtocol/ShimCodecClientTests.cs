using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Vitrine.Oci.Runtime;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;
using Xunit;

namespace Vitrine.Tests.Unit.ShimProtocol;

/// <summary>What the client writes by hand is what the serializer reads, and the other way round.</summary>
public sealed class ShimCodecClientTests
{
    [Fact]
    public void Write_Requests_AreReadBackByTheSerializer()
    {
        AssertRead(new AttachRequest { Stdin = true, Stderr = true }, ShimCodec.Write, ShimJson.Default.AttachRequest);
        AssertRead(new SignalRequest { Signal = 15 }, ShimCodec.Write, ShimJson.Default.SignalRequest);
        AssertRead(new TerminalSize { Rows = 40, Columns = 120 }, ShimCodec.Write, ShimJson.Default.TerminalSize);
        AssertRead(new StopRequest { Signal = 9, Timeout = -1, Keep = true, IsKill = true }, ShimCodec.Write, ShimJson.Default.StopRequest);
        AssertRead(new StopRequest(), ShimCodec.Write, ShimJson.Default.StopRequest);
        AssertRead(new ReloadRequest { Limits = true }, ShimCodec.Write, ShimJson.Default.ReloadRequest);
    }

    [Theory]
    [InlineData(WaitCondition.NotRunning)]
    [InlineData(WaitCondition.NextExit)]
    [InlineData(WaitCondition.Removed)]
    public void Write_WaitRequest_NamesTheCondition(WaitCondition condition) =>
        AssertRead(new WaitRequest { Condition = condition }, ShimCodec.Write, ShimJson.Default.WaitRequest);

    [Fact]
    public void Write_ExecRequest_IsWhatTheSerializerWrites()
    {
        var request = new ExecRequest
        {
            Privileged = true,
            Process = new ProcessSpec
            {
                Terminal = true,
                ConsoleSize = new ConsoleSize { Height = 1, Width = 2 },
                User = new User { Uid = 1, Gid = 2, Umask = 18, AdditionalGids = [2, 3], Username = "u" },
                Args = ["a", "\"b\"\n"],
                Env = ["é=1"],
                Cwd = "/w",
                Capabilities = new Capabilities { Bounding = ["CAP_KILL"], Effective = [], Inheritable = [], Permitted = [], Ambient = [] },
                Rlimits = [new Rlimit { Type = "RLIMIT_CORE", Soft = 1, Hard = ulong.MaxValue }],
                NoNewPrivileges = true,
                ApparmorProfile = "p",
                SelinuxLabel = "l",
                OomScoreAdj = -5,
            },
        };

        Assert.Equal(JsonSerializer.Serialize(request, ShimJson.Default.ExecRequest), System.Text.Encoding.UTF8.GetString(ShimCodec.Write(request).Span));
    }

    [Fact]
    public void Read_Replies_AreWhatTheShimWrote()
    {
        var exited = new ExitedReply { ExitCode = 137, Signal = 9, OomKilled = true, Error = "é", FinishedAt = DateTimeOffset.UnixEpoch, Removed = true };
        Assert.Equal(exited, ShimCodec.ReadExited(ShimCodec.Write(exited).Span));
        var failed = new FailedReply { Message = "no \"x\"", ExitCode = 127 };
        Assert.Equal(failed, ShimCodec.ReadFailed(ShimCodec.Write(failed).Span));
        var started = ShimCodec.ReadStarted(ShimCodec.Write(new StartedReply { Pid = 42, Warnings = ["w"] }).Span);
        Assert.Equal((42, "w"), (started.Pid, Assert.Single(started.Warnings)));
    }

    private static void AssertRead<T>(T request, Func<T, ReadOnlyMemory<byte>> write, JsonTypeInfo<T> type) =>
        Assert.Equal(request, JsonSerializer.Deserialize(write(request).Span, type));
}
