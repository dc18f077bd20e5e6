using System.Text.Json;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.ShimProtocol.Codec;

public static partial class ShimCodec
{
    /// <summary>Reads state.json.</summary>
    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static ContainerState ReadState(ReadOnlySpan<byte> utf8)
    {
        var state = new ContainerState();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "status": state = state with { Status = Status(json.Text()) }; break;
                case "pid": state = state with { Pid = json.Int() }; break;
                case "pidStartTime": state = state with { PidStartTime = json.ULong() }; break;
                case "shimPid": state = state with { ShimPid = json.Int() }; break;
                case "bootId": state = state with { BootId = json.Text() }; break;
                case "exitCode": state = state with { ExitCode = json.Int() }; break;
                case "signal": state = state with { Signal = json.Int() }; break;
                case "oomKilled": state = state with { OomKilled = json.Flag() }; break;
                case "error": state = state with { Error = json.Text() }; break;
                case "startedAt": state = state with { StartedAt = json.Time() }; break;
                case "finishedAt": state = state with { FinishedAt = json.Time() }; break;
                case "restartCount": state = state with { RestartCount = json.Int() }; break;
                case "stoppedByUser": state = state with { StoppedByUser = json.Flag() }; break;
                default: json.Skip(); break;
            }
        }
        return state;
    }

    private static ContainerStatus Status(string name) => name switch
    {
        "created" => ContainerStatus.Created,
        "running" => ContainerStatus.Running,
        "paused" => ContainerStatus.Paused,
        "restarting" => ContainerStatus.Restarting,
        "exited" => ContainerStatus.Exited,
        "dead" => ContainerStatus.Dead,
        _ => throw new JsonException($"no such status: {name}"),
    };
}
