using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Vitrine.Oci.Runtime;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;
using Xunit;

namespace Vitrine.Tests.Unit.ShimProtocol;

/// <summary>The shim's codec and the engine's serializer must mean the same by the same text.</summary>
public sealed class ShimCodecTests
{
    private static readonly DateTimeOffset s_noon = new(2024, 2, 29, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void Plan_WrittenByTheEngine_IsReadByTheShim()
    {
        var plan = new ShimPlan
        {
            Id = "0123",
            ContainerDirectory = "/data/é\"",
            RunDirectory = "/run/x",
            Overlay = new OverlayPlan { Lower = ["/a", "/b"], Upper = "/u", Work = "/w" },
            Tty = true,
            OpenStdin = true,
            StdinOnce = true,
            Log = new LogPlan { Driver = "none", MaxSize = 5L << 32, MaxFiles = 3 },
            Restart = new RestartPlan { Policy = "on-failure", MaximumRetryCount = 7 },
            StopSignal = 3,
            StopTimeout = -1,
            Init = true,
            AutoRemove = true,
            RemoveWith = ["/names/x"],
            Volumes = [new VolumePlan { Directory = "/volumes/x", Type = "tmpfs", Device = "tmpfs", Options = "size=1m,ro" }],
            Events = "/run/events.jsonl",
            VolumeMounts = [new VolumeMount { Name = "v", Destination = "/d", ReadOnly = true }],
            Attributes = new Dictionary<string, string> { ["name"] = "x", ["a label"] = "é" },
            Health = new HealthPlan { Command = ["/bin/sh", "-c", "x"], Interval = 1, Timeout = 2, StartPeriod = 3, StartInterval = 4, Retries = 5, OnFailure = "kill" },
        };

        AssertSame(plan, ShimJson.Default.ShimPlan, ShimCodec.ReadPlan(Json(plan, ShimJson.Default.ShimPlan)));
        Assert.NotEqual(Json(new ShimPlan { Id = "", ContainerDirectory = "", RunDirectory = "" }, ShimJson.Default.ShimPlan),
            Json(plan, ShimJson.Default.ShimPlan));
    }

    [Fact]
    public void Plan_OnlyWhatMustBeThere_HasTheRecordsDefaults()
    {
        var plan = ShimCodec.ReadPlan("""{"id":"a","containerDirectory":"/c","runDirectory":"/r","later":{"x":[1,{}]},"overlay":null}"""u8);

        AssertSame(new ShimPlan { Id = "a", ContainerDirectory = "/c", RunDirectory = "/r" }, ShimJson.Default.ShimPlan, plan);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"id\":\"a\"}")]
    [InlineData("{\"id\":1}")]
    [InlineData("{\"id\":\"a\",\"containerDirectory\":\"/c\",\"runDirectory\":\"/r\"} x")]
    [InlineData("{\"id\":\"a\",\"containerDirectory\":\"/c\",\"runDirectory\":\"/r\",\"stopSignal\":1e9}")]
    [InlineData("{\"id\":\"a\",\"containerDirectory\":\"/c\",\"runDirectory\":\"/r\"")]
    public void Plan_Malformed_IsAJsonException(string text) =>
        Assert.ThrowsAny<JsonException>(() => ShimCodec.ReadPlan(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Health_WrittenByTheShim_IsReadByTheEngine()
    {
        var report = new HealthReport
        {
            Status = "unhealthy",
            FailingStreak = 7,
            Log =
            [
                new HealthResult { Start = s_noon, End = s_noon.AddTicks(3), ExitCode = -1, Output = "no \"route\"\n\u0001é" },
                new HealthResult { Start = s_noon, End = s_noon, Output = "" },
            ],
        };
        foreach (var one in new[] { report, new HealthReport() })
        {
            AssertSame(one, ShimJson.Default.HealthReport, ShimCodec.ReadHealth(ShimCodec.Write(one).Span));
            AssertSame(one, ShimJson.Default.HealthReport, JsonSerializer.Deserialize(ShimCodec.Write(one).Span, ShimJson.Default.HealthReport)!);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void State_WrittenByTheShim_IsReadByTheEngine(bool full)
    {
        foreach (var status in Enum.GetValues<ContainerStatus>())
        {
            var state = full
                ? new ContainerState
                {
                    Status = status,
                    Pid = 42,
                    PidStartTime = ulong.MaxValue,
                    ShimPid = 41,
                    BootId = "b-1",
                    ExitCode = 137,
                    Signal = 9,
                    OomKilled = true,
                    Error = "it \"broke\" <é>",
                    StartedAt = s_noon,
                    FinishedAt = s_noon.AddTicks(1),
                    RestartCount = 3,
                    StoppedByUser = true,
                }
                : new ContainerState { Status = status };
            Assert.Equal(state, JsonSerializer.Deserialize(ShimCodec.Write(state).Span, ShimJson.Default.ContainerState));
            Assert.Equal(state, ShimCodec.ReadState(Json(state, ShimJson.Default.ContainerState)));
        }
    }

    [Fact]
    public void Replies_WrittenByTheShim_AreReadByTheClient()
    {
        var exited = new ExitedReply { ExitCode = 1, Signal = 2, OomKilled = true, Error = "e", FinishedAt = s_noon, Removed = true };
        var lengthy = new FailedReply { Message = string.Concat(Enumerable.Repeat("\u0001\u20ac\U0001F600\"", 3000)) };
        var failed = new FailedReply { Message = "no \u0001", ExitCode = 127 };

        Assert.Equal(exited, JsonSerializer.Deserialize(ShimCodec.Write(exited).Span, ShimJson.Default.ExitedReply));
        Assert.Equal(new ExitedReply(), JsonSerializer.Deserialize(ShimCodec.Write(new ExitedReply()).Span, ShimJson.Default.ExitedReply));
        Assert.Equal(failed, JsonSerializer.Deserialize(ShimCodec.Write(failed).Span, ShimJson.Default.FailedReply));
        var started = new StartedReply { Pid = 7, Warnings = ["a", "b"] };
        Assert.Equal(Json(started, ShimJson.Default.StartedReply), ShimCodec.Write(started).ToArray());
        Assert.Equal(lengthy, JsonSerializer.Deserialize(ShimCodec.Write(lengthy).Span, ShimJson.Default.FailedReply));
    }

    [Fact]
    public void Requests_WrittenByTheClient_AreReadByTheShim()
    {
        var attach = new AttachRequest { Stdin = true, Stderr = true };
        var size = new TerminalSize { Rows = 65535, Columns = 80 };
        var stop = new StopRequest { Signal = 2, Timeout = -1, Keep = true, IsKill = true };

        Assert.Equal(attach, ShimCodec.ReadAttach(Json(attach, ShimJson.Default.AttachRequest)));
        Assert.Equal(size, ShimCodec.ReadSize(Json(size, ShimJson.Default.TerminalSize)));
        Assert.Equal(stop, ShimCodec.ReadStop(Json(stop, ShimJson.Default.StopRequest)));
        Assert.Equal(new StopRequest(), ShimCodec.ReadStop(Json(new StopRequest(), ShimJson.Default.StopRequest)));
        Assert.Equal(15, ShimCodec.ReadSignal(Json(new SignalRequest { Signal = 15 }, ShimJson.Default.SignalRequest)).Signal);
        foreach (var condition in Enum.GetValues<WaitCondition>())
            Assert.Equal(condition, ShimCodec.ReadWait(Json(new WaitRequest { Condition = condition }, ShimJson.Default.WaitRequest)).Condition);
    }

    [Fact]
    public void Exec_WrittenByTheClient_IsReadByTheShim()
    {
        var exec = new ExecRequest
        {
            Privileged = true,
            Process = new ProcessSpec { Args = ["sh", "-c", "é"], Env = ["A=b"], Cwd = "/x", Terminal = true, User = new User { Uid = 5, AdditionalGids = [1, 2] } },
        };

        AssertSame(exec, ShimJson.Default.ExecRequest, ShimCodec.ReadExec(Json(exec, ShimJson.Default.ExecRequest)));
    }

    private static void AssertSame<T>(T expected, JsonTypeInfo<T> type, T actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected, type), JsonSerializer.Serialize(actual, type));

    private static byte[] Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);
}
