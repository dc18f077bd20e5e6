using System.Globalization;
using Vitrine.Linux;
using Vitrine.Runtime;
using Vitrine.Shim.Lifecycle;
using Vitrine.Shim.Loop;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Shim.Health;

/// <summary>Runs a container's health check, again and again while its process runs, and says what it finds in health.json.</summary>
internal sealed class HealthMonitor
{
    /// <summary>Checks that are further apart than this, in milliseconds, leave the shim's memory as small as it was.</summary>
    private const int LongInterval = 1000;

    private readonly Supervisor _supervisor;
    private readonly HealthPlan _plan;
    private readonly EventLoop _loop;
    private readonly LoopTimer _next;
    private readonly LoopTimer _timeout;
    private readonly string _path;
    private HealthRecord _record;
    private HealthProbe? _probe;
    private long _startedAt;
    private long _probedAt;

    /// <param name="supervisor">Runs the checks, and acts where a container is unhealthy.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="plan">The check.</param>
    /// <param name="directory">The container's directory.</param>
    public HealthMonitor(Supervisor supervisor, EventLoop loop, HealthPlan plan, string directory)
    {
        _supervisor = supervisor;
        _loop = loop;
        _plan = plan;
        _path = Path.Join(directory, "health.json");
        _record = new HealthRecord(plan);
        _next = loop.Timer(Probe);
        _timeout = loop.Timer(() => _probe?.Kill(Duration(plan.Timeout)));
    }

    /// <summary>The container's process runs.</summary>
    public void Started()
    {
        _record = new HealthRecord(_plan);
        _startedAt = EventLoop.Now;
        Write();
        SetNext();
    }

    /// <summary>It does not run any more, or is not to be bothered for a while.</summary>
    public void Stop()
    {
        _next.Cancel();
        _timeout.Cancel();
        _probe?.Dispose();
        _probe = null;
    }

    /// <summary>Goes on after a <see cref="Stop"/>.</summary>
    public void SetNext() => _next.Set(_record.NextDelay(EventLoop.Now - _startedAt));

    private void Probe()
    {
        _probedAt = EventLoop.Now;
        var start = DateTimeOffset.UtcNow;
        try
        {
            using var output = Pipe.Create();
            using var nothing = Fd.Open("/dev/null", OpenFlags.ReadOnly);
            HealthProbe? probe = null;
            var process = _supervisor.RunCheck(_plan.Command, new StandardIo(nothing, output.Writer, output.Writer), status => Ended(probe!, status));
            _probe = probe = new HealthProbe(_loop, process, Fd.Duplicate(output.Reader));
            _timeout.Set(_plan.Timeout);
        }
        catch (Exception e) when (e is VitrineException or IOException)
        {
            Judge(new HealthResult { Start = start, End = DateTimeOffset.UtcNow, ExitCode = -1, Output = e.Message });
        }
    }

    private void Ended(HealthProbe probe, ExitStatus status)
    {
        // One that belongs to an earlier run, or to the time before a pause.
        if (probe != _probe)
            return;
        var result = probe.Result(status);
        Stop();
        Judge(result);
    }

    private void Judge(HealthResult result)
    {
        var changed = _record.Add(result, _probedAt - _startedAt);
        Write();
        SetNext();
        if (_plan.Interval >= LongInterval)
            _supervisor.CheckEnded();
        if (!changed)
            return;
        _supervisor.Events.Tell("health_status: " + _record.Report.Status);
        if (_record.Report.Status == HealthRecord.Unhealthy)
            _supervisor.ActOnFailure(_plan.OnFailure);
    }

    private void Write()
    {
        try
        {
            AtomicFile.Write(_path, ShimCodec.Write(_record.Report).Span, durable: false);
        }
        catch (IOException)
        {
            // A full disk: the next result tries again.
        }
    }

    /// <summary>A duration as Go prints it: 1m30s, 2.5s, 500ms.</summary>
    internal static string Duration(long milliseconds)
    {
        if (milliseconds < 1000)
            return milliseconds.ToString(CultureInfo.InvariantCulture) + "ms";
        var (hours, rest) = Math.DivRem(milliseconds, 3_600_000);
        var (minutes, left) = Math.DivRem(rest, 60_000);
        var seconds = (left / 1000m).ToString(CultureInfo.InvariantCulture) + "s";
        return (hours > 0 ? hours.ToString(CultureInfo.InvariantCulture) + "h" : "")
            + (hours > 0 || minutes > 0 ? minutes.ToString(CultureInfo.InvariantCulture) + "m" : "") + seconds;
    }
}
