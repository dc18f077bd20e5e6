using System.Text.Json;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.ShimProtocol.Codec;

/// <content>Health checks.</content>
public static partial class ShimCodec
{
    /// <summary>Writes health.json.</summary>
    public static ReadOnlyMemory<byte> Write(HealthReport report)
    {
        var json = new JsonObjectWriter();
        json.Add("status"u8, report.Status);
        json.Add("failingStreak"u8, report.FailingStreak);
        json.BeginList("log"u8);
        foreach (var result in report.Log)
        {
            json.BeginItem();
            json.Add("start"u8, result.Start);
            json.Add("end"u8, result.End);
            json.Add("exitCode"u8, result.ExitCode);
            json.Add("output"u8, result.Output);
            json.End();
        }
        json.EndList();
        return json.Finish();
    }

    /// <summary>Reads health.json.</summary>
    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static HealthReport ReadHealth(ReadOnlySpan<byte> utf8)
    {
        var report = new HealthReport();
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "status": report = report with { Status = json.Text() }; break;
                case "failingStreak": report = report with { FailingStreak = json.Int() }; break;
                case "log": report = report with { Log = json.List(ReadResult) }; break;
                default: json.Skip(); break;
            }
        }
        return report;
    }

    private static HealthResult ReadResult(ref JsonCursor json)
    {
        var result = new HealthResult();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "start": result = result with { Start = json.Time() }; break;
                case "end": result = result with { End = json.Time() }; break;
                case "exitCode": result = result with { ExitCode = json.Int() }; break;
                case "output": result = result with { Output = json.Text() }; break;
                default: json.Skip(); break;
            }
        }
        return result;
    }

    private static HealthPlan ReadHealthPlan(ref JsonCursor json)
    {
        var plan = new HealthPlan();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "command": plan = plan with { Command = json.Texts() }; break;
                case "interval": plan = plan with { Interval = json.Long() }; break;
                case "timeout": plan = plan with { Timeout = json.Long() }; break;
                case "startPeriod": plan = plan with { StartPeriod = json.Long() }; break;
                case "startInterval": plan = plan with { StartInterval = json.Long() }; break;
                case "retries": plan = plan with { Retries = json.Int() }; break;
                case "onFailure": plan = plan with { OnFailure = json.Text() }; break;
                default: json.Skip(); break;
            }
        }
        return plan;
    }
}
