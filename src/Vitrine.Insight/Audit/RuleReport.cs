namespace Vitrine.Insight.Audit;

/// <summary>Collects what the rules say of one subject.</summary>
internal sealed class RuleReport(string subject)
{
    private readonly List<Finding> findings = [];
    private readonly List<Unchecked> notChecked = [];
    private RuleInfo rule = null!;

    /// <summary>The findings by gain, then by severity, the greatest first; of equal ones the first found first.</summary>
    public IReadOnlyList<Finding> Findings =>
        [.. findings.OrderByDescending(finding => finding.Gain).ThenByDescending(finding => finding.Severity)];

    public IReadOnlyList<Unchecked> Unchecked => notChecked;

    /// <summary>Says which rule speaks from now on.</summary>
    public void Begin(RuleInfo speaking) => rule = speaking;

    /// <summary>The rule strikes.</summary>
    /// <param name="message">What is weak here.</param>
    /// <param name="evidence">What was read, and where.</param>
    public void Add(string message, params IReadOnlyList<Evidence> evidence) => Add(rule.Severity, rule.Gain, message, evidence);

    /// <summary>The rule strikes, and matters more or less here than as a rule.</summary>
    public void Add(Severity severity, Gain gain, string message, params IReadOnlyList<Evidence> evidence) =>
        AddWithFix(severity, gain, message, rule.Fix, evidence);

    /// <summary>The rule strikes, and knows here what to change.</summary>
    public void AddWithFix(Severity severity, Gain gain, string message, string fix, params IReadOnlyList<Evidence> evidence) =>
        findings.Add(new Finding
        {
            Rule = rule,
            Subject = subject,
            Severity = severity,
            Gain = gain,
            Message = message,
            Evidence = evidence,
            Fix = fix,
        });

    /// <summary>The rule could not decide.</summary>
    public void CannotTell(string source, string reason) => notChecked.Add(new Unchecked(rule.Id, subject, source, reason));
}
