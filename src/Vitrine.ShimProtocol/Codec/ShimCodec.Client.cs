using System.Buffers;
using System.Text.Json;
using Vitrine.Oci.Runtime.Reading;
using Vitrine.Oci.Runtime.Writing;

namespace Vitrine.ShimProtocol.Codec;

/// <content>The client's side.</content>
public static partial class ShimCodec
{
    public static ReadOnlyMemory<byte> Write(AttachRequest request)
    {
        var json = new JsonObjectWriter();
        json.Add("stdin"u8, request.Stdin);
        json.Add("stdout"u8, request.Stdout);
        json.Add("stderr"u8, request.Stderr);
        return json.Finish();
    }

    public static ReadOnlyMemory<byte> Write(SignalRequest request)
    {
        var json = new JsonObjectWriter();
        json.Add("signal"u8, request.Signal);
        return json.Finish();
    }

    public static ReadOnlyMemory<byte> Write(TerminalSize size)
    {
        var json = new JsonObjectWriter();
        json.Add("rows"u8, size.Rows);
        json.Add("columns"u8, size.Columns);
        return json.Finish();
    }

    public static ReadOnlyMemory<byte> Write(WaitRequest request)
    {
        var json = new JsonObjectWriter();
        json.Add("condition"u8, Name(request.Condition));
        return json.Finish();
    }

    public static ReadOnlyMemory<byte> Write(StopRequest request)
    {
        var json = new JsonObjectWriter();
        if (request.Signal is { } signal)
            json.Add("signal"u8, signal);
        if (request.Timeout is { } timeout)
            json.Add("timeout"u8, timeout);
        json.Add("keep"u8, request.Keep);
        json.Add("isKill"u8, request.IsKill);
        return json.Finish();
    }

    public static ReadOnlyMemory<byte> Write(ReloadRequest request)
    {
        var json = new JsonObjectWriter();
        json.Add("limits"u8, request.Limits);
        return json.Finish();
    }

    public static ReadOnlyMemory<byte> Write(ExecRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            ProcessSpecWriter.Write(json, "process"u8, request.Process);
            json.WriteString("id"u8, request.Id);
            json.WriteBoolean("privileged"u8, request.Privileged);
            if (request.StatusFile is { } file)
                json.WriteString("statusFile"u8, file);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static StartedReply ReadStarted(ReadOnlySpan<byte> utf8)
    {
        var reply = new StartedReply();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "pid": reply = reply with { Pid = json.Int() }; break;
                case "warnings": reply = reply with { Warnings = json.Texts() }; break;
                case "notes": reply = reply with { Notes = json.Texts() }; break;
                default: json.Skip(); break;
            }
        }
        return reply;
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static FailedReply ReadFailed(ReadOnlySpan<byte> utf8)
    {
        var reply = new FailedReply { Message = "" };
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "message": reply = reply with { Message = json.Text() }; break;
                case "exitCode": reply = reply with { ExitCode = json.Int() }; break;
                default: json.Skip(); break;
            }
        }
        return reply;
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static ExitedReply ReadExited(ReadOnlySpan<byte> utf8)
    {
        var reply = new ExitedReply();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "exitCode": reply = reply with { ExitCode = json.Int() }; break;
                case "signal": reply = reply with { Signal = json.Int() }; break;
                case "oomKilled": reply = reply with { OomKilled = json.Flag() }; break;
                case "error": reply = reply with { Error = json.Text() }; break;
                case "finishedAt": reply = reply with { FinishedAt = json.Time() }; break;
                case "removed": reply = reply with { Removed = json.Flag() }; break;
                default: json.Skip(); break;
            }
        }
        return reply;
    }

    private static string Name(WaitCondition condition) => condition switch
    {
        WaitCondition.NotRunning => "not-running",
        WaitCondition.NextExit => "next-exit",
        WaitCondition.Removed => "removed",
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };
}
