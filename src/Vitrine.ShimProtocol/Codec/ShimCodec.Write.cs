namespace Vitrine.ShimProtocol.Codec;

public static partial class ShimCodec
{
    /// <summary>Writes state.json.</summary>
    public static ReadOnlyMemory<byte> Write(ContainerState state)
    {
        var json = new JsonObjectWriter();
        json.Add("status"u8, Name(state.Status));
        json.Add("pid"u8, state.Pid);
        json.Add("pidStartTime"u8, state.PidStartTime);
        json.Add("shimPid"u8, state.ShimPid);
        if (state.BootId is { } boot)
            json.Add("bootId"u8, boot);
        json.Add("exitCode"u8, state.ExitCode);
        if (state.Signal is { } signal)
            json.Add("signal"u8, signal);
        json.Add("oomKilled"u8, state.OomKilled);
        json.Add("error"u8, state.Error);
        if (state.StartedAt is { } started)
            json.Add("startedAt"u8, started);
        if (state.FinishedAt is { } finished)
            json.Add("finishedAt"u8, finished);
        json.Add("restartCount"u8, state.RestartCount);
        json.Add("stoppedByUser"u8, state.StoppedByUser);
        return json.Finish();
    }

    public static ReadOnlyMemory<byte> Write(StartedReply reply)
    {
        var json = new JsonObjectWriter();
        json.Add("pid"u8, reply.Pid);
        json.Add("warnings"u8, reply.Warnings);
        json.Add("notes"u8, reply.Notes);
        return json.Finish();
    }

    public static ReadOnlyMemory<byte> Write(FailedReply reply)
    {
        var json = new JsonObjectWriter();
        json.Add("message"u8, reply.Message);
        json.Add("exitCode"u8, reply.ExitCode);
        return json.Finish();
    }

    public static ReadOnlyMemory<byte> Write(ExitedReply reply)
    {
        var json = new JsonObjectWriter();
        json.Add("exitCode"u8, reply.ExitCode);
        if (reply.Signal is { } signal)
            json.Add("signal"u8, signal);
        json.Add("oomKilled"u8, reply.OomKilled);
        json.Add("error"u8, reply.Error);
        json.Add("finishedAt"u8, reply.FinishedAt);
        json.Add("removed"u8, reply.Removed);
        return json.Finish();
    }

    public static ReadOnlyMemory<byte> Write(ExecStatus status)
    {
        var json = new JsonObjectWriter();
        json.Add("pid"u8, status.Pid);
        if (status.ExitCode is { } code)
            json.Add("exitCode"u8, code);
        return json.Finish();
    }

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
}
