using Vitrine.Insight.Json;
using Vitrine.Linux.Seccomp;

namespace Vitrine.Insight.Syscalls;

/// <summary>Where the rules of a filter were read.</summary>
public enum RuleSource
{
    /// <summary>Not at all.</summary>
    Unknown,

    /// <summary>The engine's specification: what it asked for.</summary>
    Specification,

    /// <summary>The kernel: what is in force.</summary>
    Kernel,
}

/// <summary>The filters of a process.</summary>
public sealed record SeccompReport
{
    public required int Pid { get; init; }
    public string? Container { get; init; }
    public required string Command { get; init; }
    public required SeccompMode Mode { get; init; }

    /// <summary>How many filters are stacked; null where the kernel does not say.</summary>
    public int? Filters { get; init; }
    public bool? NoNewPrivileges { get; init; }
    public RuleSource Source { get; init; }
    public string? SpecPath { get; init; }

    /// <summary>What the specification asks for, or what the kernel tells, of each filter: <c>SECCOMP_FILTER_FLAG_LOG</c>...</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>The filters, where they could be read.</summary>
    public FilterStack? Stack { get; init; }

    /// <summary>JSON; described in docs/seccomp.md.</summary>
    public string ToJson() => JsonText.Object(json =>
    {
        json.Number("pid", Pid);
        json.Text("container", Container);
        json.Text("command", Command);
        json.Choice("mode", Mode);
        json.Number("filters", Filters);
        json.Flag("noNewPrivileges", NoNewPrivileges);
        json.Choice("rulesFrom", Source);
        json.Text("specPath", SpecPath);
        json.Texts("flags", Flags);
        if (Stack is not { } stack)
            return;
        var (blocked, conditional, all) = stack.Totals();
        json.Numbers("instructions", stack.Lengths);
        json.Number("blocked", blocked);
        json.Number("conditional", conditional);
        json.Number("calls", all);
        json.Objects("groups", stack.Groups(), static (fields, group) =>
        {
            fields.Text("purpose", group.Purpose);
            fields.Text("meaning", group.Meaning);
            fields.Texts("blocked", group.Blocked);
            fields.Texts("conditional", group.Conditional);
            fields.Texts("allowed", group.Allowed);
        });
    });

    /// <summary>The names of flags, as specifications have them.</summary>
    public static IReadOnlyList<string> NamesOf(SeccompFlags flags)
    {
        var names = new List<string>();
        foreach (var (flag, name) in ((SeccompFlags, string)[])
        [
            (SeccompFlags.Tsync, "TSYNC"), (SeccompFlags.Log, "LOG"), (SeccompFlags.SpecAllow, "SPEC_ALLOW"),
            (SeccompFlags.NewListener, "NEW_LISTENER"), (SeccompFlags.WaitKillableRecv, "WAIT_KILLABLE_RECV"),
        ])
        {
            if (flags.HasFlag(flag))
                names.Add($"SECCOMP_FILTER_FLAG_{name}");
        }

        return names;
    }
}
