using Vitrine.Insight;

namespace Vitrine.Glass.Explain;

/// <summary>Capabilities, the system call filter, devices and resource limits as tables.</summary>
internal static class PrivilegeText
{
    private const string Prefix = "CAP_";

    public static void Write(Paper paper, CapabilitySection section)
    {
        paper.Table(["SET", new("COUNT", Right: true), "CAPABILITIES"],
        [
            Set("effective", section.Effective, section, "none"),
            Set("permitted", section.Permitted, section, section.Permitted.SequenceEqual(section.Effective) ? "as effective" : null),
            Set("inheritable", section.Inheritable, section, null),
            Set("bounding", section.Bounding, section, section.Bounding.SequenceEqual(section.Effective) ? "as effective" : null),
            Set("ambient", section.Ambient, section, null),
        ]);
        if (section.Added.Count > 0)
        {
            paper.Labelled(new Cell("beyond docker's", Ink.Caution), 16,
                new Cell(string.Join(", ", section.Added.Select(capability => Short(capability.Name)))));
        }

        if (section.Missing.Count > 0)
            paper.Labelled(new Cell("less than docker", Ink.Good), 16, new Cell(string.Join(", ", section.Missing.Select(Short))));
    }

    public static void Write(Paper paper, SeccompSection section)
    {
        var rows = section.Groups.Select(group => new Cell[]
        {
            new(group.Purpose, Ink.Accent),
            Verdict(group),
            Calls(group),
        }).ToList();
        paper.Table(["PURPOSE", "REFUSED", "CALLS"], rows);
    }

    public static void Write(Paper paper, DeviceSection section)
    {
        if (section.AllAllowed == true)
        {
            paper.Labelled(new Cell("allowed", Ink.Accent), 16, new Cell("every device of the host", Ink.Bad));
            return;
        }

        foreach (var access in section.Rules.GroupBy(rule => rule.Access))
            paper.Labelled(new Cell(access.Key, Ink.Accent), 16, new Cell(string.Join(", ", access.Select(Device))));
    }

    public static void Write(Paper paper, LimitSection section)
    {
        var rows = section.Limits.Select(limit => new Cell[]
        {
            new(limit.Name, Ink.Accent), Value(limit.Soft, limit.Unit), Value(limit.Hard, limit.Unit), new(limit.Meaning, Ink.Faint),
        }).ToList();
        paper.Table(["LIMIT", new("SOFT", Right: true), new("HARD", Right: true), "MEANING"], rows);
    }

    private static Cell[] Set(string name, IReadOnlyList<string> capabilities, CapabilitySection section, string? same) =>
    [
        new(name, Ink.Accent),
        $"{capabilities.Count}",
        capabilities.Count == 0 ? new Cell("none", Ink.Good)
            : same is not null and not "none" ? new Cell(same, Ink.Faint)
            : section.All && capabilities.Count == section.Bounding.Count ? new Cell("all that the host has", Ink.Bad)
            : new Cell(string.Join(", ", capabilities.Select(Short))),
    ];

    private static string Short(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;

    private static Cell Verdict(SyscallGroupFact group)
    {
        var all = group.Blocked.Count + group.Conditional.Count + group.Allowed.Count;
        return new Cell($"{group.Blocked.Count} of {all}", group.Blocked.Count == all ? Ink.Good : group.Allowed.Count == all ? Ink.Caution : Ink.Plain);
    }

    private static string Calls(SyscallGroupFact group)
    {
        var parts = new List<string>();
        if (group.Blocked.Count > 0)
            parts.Add(string.Join(", ", group.Blocked));
        if (group.Conditional.Count > 0)
            parts.Add($"by argument: {string.Join(", ", group.Conditional)}");
        if (group.Allowed.Count > 0)
            parts.Add($"allowed: {string.Join(", ", group.Allowed)}");
        return string.Join("; ", parts);
    }

    private static string Device(DeviceRuleFact rule) =>
        rule.Name ?? $"{rule.Type} {(rule.Major is { } major ? $"{major}" : "*")}:{(rule.Minor is { } minor ? $"{minor}" : "*")}";

    private static string Value(ulong? value, string unit) => (value, unit) switch
    {
        (null, _) => "unlimited",
        ({ } number, "bytes") when number >= 1024 && number <= long.MaxValue => ByteText.Format((long)number),
        ({ } number, _) => $"{number}",
    };
}
