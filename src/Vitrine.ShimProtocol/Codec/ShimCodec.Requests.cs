using System.Text.Json;
using Vitrine.Oci.Runtime;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.ShimProtocol.Codec;

public static partial class ShimCodec
{
    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static AttachRequest ReadAttach(ReadOnlySpan<byte> utf8)
    {
        var request = new AttachRequest();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "stdin": request = request with { Stdin = json.Flag() }; break;
                case "stdout": request = request with { Stdout = json.Flag() }; break;
                case "stderr": request = request with { Stderr = json.Flag() }; break;
                default: json.Skip(); break;
            }
        }
        return request;
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static SignalRequest ReadSignal(ReadOnlySpan<byte> utf8)
    {
        var request = new SignalRequest();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            if (field == "signal")
                request = new SignalRequest { Signal = json.Int() };
            else
                json.Skip();
        }
        return request;
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static TerminalSize ReadSize(ReadOnlySpan<byte> utf8)
    {
        var size = new TerminalSize();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "rows": size = size with { Rows = json.UShort() }; break;
                case "columns": size = size with { Columns = json.UShort() }; break;
                default: json.Skip(); break;
            }
        }
        return size;
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static WaitRequest ReadWait(ReadOnlySpan<byte> utf8)
    {
        var request = new WaitRequest();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            if (field == "condition")
                request = new WaitRequest { Condition = Condition(json.Text()) };
            else
                json.Skip();
        }
        return request;
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static StopRequest ReadStop(ReadOnlySpan<byte> utf8)
    {
        var request = new StopRequest();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "signal": request = request with { Signal = json.Int() }; break;
                case "timeout": request = request with { Timeout = json.Int() }; break;
                case "keep": request = request with { Keep = json.Flag() }; break;
                case "isKill": request = request with { IsKill = json.Flag() }; break;
                default: json.Skip(); break;
            }
        }
        return request;
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static ReloadRequest ReadReload(ReadOnlySpan<byte> utf8)
    {
        var request = new ReloadRequest();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            if (field == "limits")
                request = new ReloadRequest { Limits = json.Flag() };
            else
                json.Skip();
        }
        return request;
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static ExecRequest ReadExec(ReadOnlySpan<byte> utf8)
    {
        ProcessSpec? process = null;
        var privileged = false;
        var id = "";
        string? statusFile = null;
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "process": process = SpecReader.ReadProcess(ref json); break;
                case "privileged": privileged = json.Flag(); break;
                case "id": id = json.Text(); break;
                case "statusFile": statusFile = json.Text(); break;
                default: json.Skip(); break;
            }
        }
        return new ExecRequest { Process = process ?? throw JsonCursor.Missing("process"), Privileged = privileged, Id = id, StatusFile = statusFile };
    }

    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static ExecStatus ReadExecStatus(ReadOnlySpan<byte> utf8)
    {
        var status = new ExecStatus();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "pid": status = status with { Pid = json.Int() }; break;
                case "exitCode": status = status with { ExitCode = json.Int() }; break;
                default: json.Skip(); break;
            }
        }
        return status;
    }

    private static WaitCondition Condition(string name) => name switch
    {
        "not-running" => WaitCondition.NotRunning,
        "next-exit" => WaitCondition.NextExit,
        "removed" => WaitCondition.Removed,
        _ => throw new JsonException($"no such wait condition: {name}"),
    };
}
