using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Parsing;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Running;

/// <summary>Options of run and create: the health check.</summary>
internal sealed class HealthFlags(FlagSet flags)
{
    private readonly ValueFlag<string> _command = flags.Text("health-cmd", "Command to run to check health");
    private readonly ValueFlag<long> _interval = Duration(flags, "health-interval", "Time between running the check (ms|s|m|h)");
    private readonly ValueFlag<long?> _retries = flags.Integer("health-retries", "Consecutive failures needed to report unhealthy");
    private readonly ValueFlag<long> _startInterval =
        Duration(flags, "health-start-interval", "Time between running the check during the start period (ms|s|m|h)");

    private readonly ValueFlag<long> _startPeriod = Duration(flags, "health-start-period",
        "Start period for the container to initialize before starting health-retries countdown (ms|s|m|h)");

    private readonly ValueFlag<long> _timeout = Duration(flags, "health-timeout", "Maximum time to allow one check to run (ms|s|m|h)");
    private readonly ValueFlag<string> _onFailure = flags.Text("health-on-failure",
        "What to do with a container that becomes unhealthy: none (default), kill, restart or stop");

    private readonly BoolFlag _none = flags.Bool("no-healthcheck", "Disable any container-specified HEALTHCHECK");

    /// <summary>The check; null where the image's is to be taken.</summary>
    /// <exception cref="VitrineException">The options contradict each other.</exception>
    public HealthConfig? ToConfig()
    {
        Flag[] details = [_command, _interval, _retries, _startInterval, _startPeriod, _timeout, _onFailure];
        var isGiven = Array.Exists(details, flag => flag.IsSet);
        if (_none.Value)
            return isGiven ? throw Invalid("--no-healthcheck conflicts with --health-* options") : new HealthConfig { Test = ["NONE"] };
        if (!isGiven)
            return null;
        foreach (var flag in new[] { _interval, _timeout, _startPeriod, _startInterval })
        {
            if (flag.Value < 0)
                throw Invalid($"--{flag.Name} cannot be negative");
        }
        if (_retries.Value < 0)
            throw Invalid("--health-retries cannot be negative");
        return new HealthConfig
        {
            Test = string.IsNullOrEmpty(_command.Value) ? null : ["CMD-SHELL", _command.Value],
            Interval = _interval.Value,
            Timeout = _timeout.Value,
            StartPeriod = _startPeriod.Value,
            StartInterval = _startInterval.Value,
            Retries = (int)Math.Min(_retries.Value ?? 0, int.MaxValue),
            OnFailure = string.IsNullOrEmpty(_onFailure.Value) ? null : _onFailure.Value,
        };
    }

    private static ValueFlag<long> Duration(FlagSet flags, string name, string description) =>
        flags.Add(new ValueFlag<long>(name, Flag.None, "duration", description, GoDuration.ParseNanoseconds) { DefaultText = "0s" });

    private static VitrineException Invalid(string message) => new(ErrorKind.Invalid, message);
}
