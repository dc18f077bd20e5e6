using System.Text.Json;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.ShimProtocol.Codec;

/// <summary>
/// The shim's side of the JSON that <see cref="ShimJson"/> describes, without the serializer and its metadata (see
/// <see cref="JsonCursor"/>). Both sides read and write the same text.
/// </summary>
public static partial class ShimCodec
{
    /// <summary>Reads plan.json.</summary>
    /// <exception cref="JsonException">It is not JSON, a field has the wrong type or one is missing.</exception>
    public static ShimPlan ReadPlan(ReadOnlySpan<byte> utf8)
    {
        var json = new JsonCursor(utf8);
        string? id = null, container = null, run = null;
        var plan = new ShimPlan { Id = "", ContainerDirectory = "", RunDirectory = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "id": id = json.Text(); break;
                case "containerDirectory": container = json.Text(); break;
                case "runDirectory": run = json.Text(); break;
                case "overlay": plan = plan with { Overlay = ReadOverlay(ref json) }; break;
                case "tty": plan = plan with { Tty = json.Flag() }; break;
                case "openStdin": plan = plan with { OpenStdin = json.Flag() }; break;
                case "stdinOnce": plan = plan with { StdinOnce = json.Flag() }; break;
                case "log": plan = plan with { Log = ReadLog(ref json) }; break;
                case "restart": plan = plan with { Restart = ReadRestart(ref json) }; break;
                case "health": plan = plan with { Health = ReadHealthPlan(ref json) }; break;
                case "stopSignal": plan = plan with { StopSignal = json.Int() }; break;
                case "stopTimeout": plan = plan with { StopTimeout = json.Int() }; break;
                case "init": plan = plan with { Init = json.Flag() }; break;
                case "autoRemove": plan = plan with { AutoRemove = json.Flag() }; break;
                case "removeWith": plan = plan with { RemoveWith = json.Texts() }; break;
                case "volumeMounts": plan = plan with { VolumeMounts = json.List(ReadVolumeMount) }; break;
                case "volumes": plan = plan with { Volumes = json.List(ReadVolume) }; break;
                case "events": plan = plan with { Events = json.Text() }; break;
                case "attributes": plan = plan with { Attributes = json.TextMap() }; break;
                default: json.Skip(); break;
            }
        }
        json.End();
        return plan with
        {
            Id = id ?? throw JsonCursor.Missing("id"),
            ContainerDirectory = container ?? throw JsonCursor.Missing("containerDirectory"),
            RunDirectory = run ?? throw JsonCursor.Missing("runDirectory"),
        };
    }

    private static OverlayPlan ReadOverlay(ref JsonCursor json)
    {
        List<string>? lower = null;
        string? upper = null, work = null;
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "lower": lower = json.Texts(); break;
                case "upper": upper = json.Text(); break;
                case "work": work = json.Text(); break;
                default: json.Skip(); break;
            }
        }
        return new OverlayPlan
        {
            Lower = lower ?? throw JsonCursor.Missing("overlay.lower"),
            Upper = upper ?? throw JsonCursor.Missing("overlay.upper"),
            Work = work ?? throw JsonCursor.Missing("overlay.work"),
        };
    }

    private static VolumePlan ReadVolume(ref JsonCursor json)
    {
        string? directory = null, type = null, device = null;
        var options = "";
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "directory": directory = json.Text(); break;
                case "type": type = json.Text(); break;
                case "device": device = json.Text(); break;
                case "options": options = json.Text(); break;
                default: json.Skip(); break;
            }
        }
        return new VolumePlan
        {
            Directory = directory ?? throw JsonCursor.Missing("volumes.directory"),
            Type = type ?? throw JsonCursor.Missing("volumes.type"),
            Device = device ?? throw JsonCursor.Missing("volumes.device"),
            Options = options,
        };
    }

    private static VolumeMount ReadVolumeMount(ref JsonCursor json)
    {
        var mount = new VolumeMount { Name = "", Destination = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "name": mount = mount with { Name = json.Text() }; break;
                case "destination": mount = mount with { Destination = json.Text() }; break;
                case "readOnly": mount = mount with { ReadOnly = json.Flag() }; break;
                default: json.Skip(); break;
            }
        }
        return mount;
    }

    private static LogPlan ReadLog(ref JsonCursor json)
    {
        var log = new LogPlan();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "driver": log = log with { Driver = json.Text() }; break;
                case "maxSize": log = log with { MaxSize = json.Long() }; break;
                case "maxFiles": log = log with { MaxFiles = json.Int() }; break;
                default: json.Skip(); break;
            }
        }
        return log;
    }

    private static RestartPlan ReadRestart(ref JsonCursor json)
    {
        var restart = new RestartPlan();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "policy": restart = restart with { Policy = json.Text() }; break;
                case "maximumRetryCount": restart = restart with { MaximumRetryCount = json.Int() }; break;
                default: json.Skip(); break;
            }
        }
        return restart;
    }
}
