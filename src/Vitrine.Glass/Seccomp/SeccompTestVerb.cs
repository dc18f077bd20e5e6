using System.Globalization;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Json;
using Vitrine.Insight.Privileges;
using Vitrine.Insight.Sections;
using Vitrine.Insight.Syscalls;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;

namespace Vitrine.Glass.Seccomp;

/// <summary><c>vitrine seccomp test</c>: what a filter answers, without making the call.</summary>
internal sealed class SeccompTestVerb : GlassVerb
{
    private const int Refused = 1;
    private const int Killed = 2;
    private const int Trapped = 3;
    private const int Asked = 4;

    private readonly ValueFlag<string> _profile;
    private readonly ValueFlag<string> _container;
    private readonly ValueFlag<string> _capabilities;
    private readonly ValueFlag<SeccompArchitecture?> _architecture;
    private readonly BoolFlag _dump;
    private readonly BoolFlag _json;

    public SeccompTestVerb()
    {
        _architecture = Flags.Add(new ValueFlag<SeccompArchitecture?>("arch", Flag.None, "string", "ABI of the call: x86_64, x86, x32, aarch64, arm (default this machine's)", ParseArchitecture));
        _capabilities = Flags.Text("caps", "Capabilities that the profile's conditions are asked with (default vitrine's default set)");
        _container = Flags.Text("container", "Ask the filter of a container or pid");
        _dump = Flags.Bool("dump", "With --container: ask the filters that the kernel has, not the specification's");
        _json = JsonFlag("seccomp");
        _profile = Flags.Text("profile", "Ask a profile in docker's format, or \"unconfined\" (default vitrine's default profile)");
    }

    public override string Usage => "[OPTIONS] CALL [ARG...]";

    public override ArgumentCount Arguments => new(1, 1 + ArgumentTest.ArgumentCount);

    public override string Details =>
        "Runs the filter's own program, as the kernel would, over a call by its name or number; arguments are\n"
        + "numbers (10, 0x7e020000, -1), those that are not given are 0. Exits with 0 where the call runs, 1 where it\n"
        + "fails with an errno, 2 where it kills, 3 where it raises SIGSYS, 4 where another process is asked, 125 where\n"
        + "that cannot be told.";

    public override int FailureCode => UsageException.ExitCode;

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var architecture = _architecture.Value ?? SeccompArchitectures.Native;
        var number = Number(arguments[0], architecture);
        ulong[] values = [.. arguments.Skip(1).Select(Argument)];
        var source = Source(context);
        var answer = source.Stack.Ask(new SeccompCall(architecture.AuditValue(), number, values));
        var rule = source.Rules is { } rules ? DecidingRule.Describe(rules, architecture, number, values, answer.Action) : null;
        var name = SyscallTable.NameOf(architecture, number) ?? $"{number}";
        if (_json.Value)
            context.Print(Json(source, architecture, name, number, answer, rule));
        else
            Write(context, source, name, answer, rule);
        return Task.FromResult(Code(answer.Action));
    }

    private FilterSource Source(CommandContext context)
    {
        if (_container.IsSet && _profile.IsSet)
            throw new UsageException("--container and --profile cannot be used together");
        if (_dump.Value && !_container.IsSet)
            throw new UsageException("--dump needs --container");
        return _container.IsSet
            ? FilterSource.OfProcess(context, _container.Value!, _dump.Value)
            : FilterSource.OfProfile(_profile.Value, _capabilities.Value is { } names ? CapabilityNames.Parse(names) : CapabilityMeanings.VitrineDefault);
    }

    private static void Write(CommandContext context, FilterSource source, string name, FilterAnswer answer, string? rule)
    {
        context.Print($"{name}: {Words(answer.Action)}");
        if (rule is not null)
            context.Print($"  by {VisibleText.Of(rule)}");
        else if (source.Stack.Count > 1)
            context.Print($"  by filter {answer.Filter + 1} of {source.Stack.Count}, the newest first");
        if (answer.LooksAtArguments)
            context.Print("  its arguments were looked at: with others the answer may be another");
        context.Print($"  in {VisibleText.Of(source.Name)}");
    }

    private static string Json(FilterSource source, SeccompArchitecture architecture, string name, uint number, FilterAnswer answer, string? rule) => JsonText.Object(json =>
    {
        json.Text("call", name);
        json.Number("number", number);
        json.Text("architecture", architecture.Name());
        json.Text("answer", answer.Action.ToString());
        json.Flag("runs", answer.Action.RunsTheCall);
        json.Text("errno", answer.Action.Errno?.ToString());
        json.Text("rule", rule);
        json.Flag("looksAtArguments", answer.LooksAtArguments);
        json.Text("filter", source.Name);
        json.Number("filters", source.Stack.Count);
    });

    private static string Words(SeccompAction action) => action.Errno is { } errno ? $"{errno} ({errno.Describe()})" : action.ToString();

    internal static int Code(SeccompAction action)
    {
        if (action.RunsTheCall)
            return 0;
        if (action.Errno is not null)
            return Refused;
        if (action == SeccompAction.KillProcess || action == SeccompAction.KillThread)
            return Killed;
        return action == SeccompAction.Notify || (action.Value & 0xFFFF0000) == SeccompAction.Trace(0).Value ? Asked : Trapped;
    }

    private static uint Number(string text, SeccompArchitecture architecture)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        var id = SyscallTable.Find(text);
        if (id >= 0 && SyscallTable.TryGetNumber(architecture, id, out number))
            return number;
        throw new VitrineException(ErrorKind.NotFound, id < 0 ? $"there is no system call '{text}'" : $"{architecture.Name()} has no system call '{text}'");
    }

    internal static ulong Argument(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return value;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
            return value;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var negative))
            return (ulong)negative;
        throw new VitrineException(ErrorKind.Invalid, $"'{text}' is no argument: it is a number, as 10, 0x7e020000 or -1");
    }

    internal static SeccompArchitecture? ParseArchitecture(string text) => text.ToLowerInvariant() switch
    {
        "x86_64" or "amd64" or "x64" => SeccompArchitecture.X64,
        "x86" or "i386" or "386" => SeccompArchitecture.X86,
        "x32" => SeccompArchitecture.X32,
        "aarch64" or "arm64" => SeccompArchitecture.Arm64,
        "arm" => SeccompArchitecture.Arm,
        _ when SeccompArchitectures.TryParse(text, out var named) => named,
        _ => throw new FlagValueException("it takes x86_64, x86, x32, aarch64 or arm"),
    };
}
