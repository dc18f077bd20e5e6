
namespace Vitrine.Insight.Audit.Rules;

/// <summary>What several rules quote.</summary>
internal static class Evidences
{
    private const uint Terminals = 136;

    /// <summary>Null, zero, full, random, urandom, tty, console, ptmx and the terminals (config-linux.md, Default Devices).</summary>
    public static bool IsUsual(DeviceRuleFact rule) => rule.Type == 'c' && rule switch
    {
        { Major: 1, Minor: 3 or 5 or 7 or 8 or 9 } => true,
        { Major: 5, Minor: 0 or 1 or 2 } => true,
        { Major: Terminals } => true,
        _ => false,
    };

    public static string Name(DeviceRuleFact rule) => rule.Name ?? $"device {Numbers(rule)}";

    /// <summary>As the device cgroup writes it: <c>c 10:200 rwm</c>.</summary>
    public static string Text(DeviceRuleFact rule) => $"{Numbers(rule)} {rule.Access}";

    public static Evidence Devices(ContainerSubject container, string text) =>
        new(container.Explanation.Devices.Facts.Count > 0 ? container.Explanation.Devices.Facts[0].Source : container.Source("cgroup"), text);

    /// <summary>Its own cgroup for a controller; null where it is in the root, which is another rule's matter.</summary>
    public static CgroupPlace? Place(ContainerSubject container, string controller)
    {
        foreach (var place in container.Explanation.Cgroups.Places)
        {
            if (place is { Path: not "/", Directory: not null } && place.Controllers.Contains(controller))
                return place;
        }

        return null;
    }

    private static string Numbers(DeviceRuleFact rule) => $"{rule.Type} {rule.Major?.ToString() ?? "*"}:{rule.Minor?.ToString() ?? "*"}";

    /// <summary>What looks like a secret in one place of the process.</summary>
    /// <param name="container">The container.</param>
    /// <param name="report">Where to report it.</param>
    /// <param name="info">The rule.</param>
    /// <param name="place">Which secrets.</param>
    /// <param name="fact">The fact that says why the place could not be read.</param>
    /// <param name="file">The place's name in /proc/PID.</param>
    public static void ReportSecrets(ContainerSubject container, RuleReport report, RuleInfo info, SecretPlace place, string fact, string file)
    {
        if (container.Explanation.Secrets.Facts.FirstOrDefault(known => known.Name == fact && known.Error is not null) is { } unreadable)
            report.CannotTell(unreadable.Source, unreadable.Error!);
        foreach (var secret in container.Explanation.Secrets.Findings.Where(secret => secret.Place == place))
        {
            var evidence = new Evidence($"{secret.Source ?? container.Source(file)}: {secret.Name}", $"{secret.Kind}, {secret.Length} characters, #{secret.Fingerprint} ({secret.Confidence})");
            report.Add(secret.Confidence == "possible" ? Severity.Note : info.Severity, info.Gain, $"{secret.Name} holds what looks like a secret ({secret.Kind}).", evidence);
        }
    }
}
