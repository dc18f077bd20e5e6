using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vitrine.ShimProtocol.Codec;

public static partial class ShimCodec
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes state.json.</summary>
    public static ReadOnlyMemory<byte> Write(ContainerState state) => Write(state, static (json, state) =>
    {
        json.WriteString("status"u8, Name(state.Status));
        json.WriteNumber("pid"u8, state.Pid);
        json.WriteNumber("pidStartTime"u8, state.PidStartTime);
        json.WriteNumber("shimPid"u8, state.ShimPid);
        if (state.BootId is { } boot)
            json.WriteString("bootId"u8, boot);
        json.WriteNumber("exitCode"u8, state.ExitCode);
        if (state.Signal is { } signal)
            json.WriteNumber("signal"u8, signal);
        json.WriteBoolean("oomKilled"u8, state.OomKilled);
        json.WriteString("error"u8, state.Error);
        if (state.StartedAt is { } started)
            json.WriteString("startedAt"u8, started);
        if (state.FinishedAt is { } finished)
            json.WriteString("finishedAt"u8, finished);
        json.WriteNumber("restartCount"u8, state.RestartCount);
        json.WriteBoolean("stoppedByUser"u8, state.StoppedByUser);
    });

    public static ReadOnlyMemory<byte> Write(StartedReply reply) => Write(reply, static (json, reply) =>
    {
        json.WriteNumber("pid"u8, reply.Pid);
        json.WriteStartArray("warnings"u8);
        foreach (var warning in reply.Warnings)
            json.WriteStringValue(warning);
        json.WriteEndArray();
    });

    public static ReadOnlyMemory<byte> Write(FailedReply reply) => Write(reply, static (json, reply) =>
    {
        json.WriteString("message"u8, reply.Message);
        json.WriteNumber("exitCode"u8, reply.ExitCode);
    });

    public static ReadOnlyMemory<byte> Write(ExitedReply reply) => Write(reply, static (json, reply) =>
    {
        json.WriteNumber("exitCode"u8, reply.ExitCode);
        if (reply.Signal is { } signal)
            json.WriteNumber("signal"u8, signal);
        json.WriteBoolean("oomKilled"u8, reply.OomKilled);
        json.WriteString("error"u8, reply.Error);
        json.WriteString("finishedAt"u8, reply.FinishedAt);
        json.WriteBoolean("removed"u8, reply.Removed);
    });

    /// <summary>The name of a status in state.json.</summary>
    public static string Name(ContainerStatus status) => status switch
    {
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        ContainerStatus.Restarting => "restarting",
        ContainerStatus.Exited => "exited",
        ContainerStatus.Dead => "dead",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    private static ReadOnlyMemory<byte> Write<T>(T value, Action<Utf8JsonWriter, T> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            fields(json, value);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
