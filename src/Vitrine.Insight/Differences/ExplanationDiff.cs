namespace Vitrine.Insight.Differences;

/// <summary>One setting in which two explanations differ.</summary>
/// <param name="Section">The section's name in JSON.</param>
/// <param name="Name">What is set.</param>
/// <param name="Here">What the explained one has; null where it has nothing of that name.</param>
/// <param name="There">What the other has.</param>
public sealed record SettingDifference(string Section, string Name, string? Here, string? There);

/// <summary>Compares what is set for two processes, one setting after the other; what only tells them apart (pids, ids) does not count.</summary>
public static class ExplanationDiff
{
    /// <summary>The differences in the order of the sections.</summary>
    /// <param name="here">The settings of the explained one.</param>
    /// <param name="there">The other's.</param>
    /// <param name="wanted">Which settings count; null for all.</param>
    public static IReadOnlyList<SettingDifference> Compare(IReadOnlyList<Setting> here, IReadOnlyList<Setting> there, Func<Setting, bool>? wanted = null)
    {
        var others = There(there, wanted);
        var differences = new List<SettingDifference>();
        var seen = new HashSet<(string, string)>();
        foreach (var setting in here)
        {
            if (wanted?.Invoke(setting) == false || !seen.Add(Key(setting)))
                continue;
            var other = others.GetValueOrDefault(Key(setting));
            if (other?.Value != setting.Value)
                differences.Add(new SettingDifference(setting.Section, setting.Name, setting.Value, other?.Value));
        }

        foreach (var setting in others.Values)
        {
            if (!seen.Contains(Key(setting)))
                differences.Add(new SettingDifference(setting.Section, setting.Name, null, setting.Value));
        }

        return differences;
    }

    private static Dictionary<(string, string), Setting> There(IReadOnlyList<Setting> settings, Func<Setting, bool>? wanted)
    {
        var known = new Dictionary<(string, string), Setting>();
        foreach (var setting in settings)
        {
            if (wanted?.Invoke(setting) != false)
                known.TryAdd(Key(setting), setting);
        }

        return known;
    }

    private static (string Section, string Name) Key(Setting setting) => (setting.Section, setting.Name);
}

/// <summary>One thing that is set.</summary>
/// <param name="Section">The section's name in JSON.</param>
/// <param name="Group">Settings of one group are compared as a set: mounts, capabilities...</param>
/// <param name="Name">Unique in the section.</param>
/// <param name="Value">In words for people.</param>
public sealed record Setting(string Section, string Group, string Name, string Value);
