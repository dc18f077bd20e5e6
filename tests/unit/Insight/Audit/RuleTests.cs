using Vitrine.Insight;
using Vitrine.Insight.Audit;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Audit;

/// <summary>Every rule catches what it is for, and passes what is well.</summary>
public sealed class RuleTests
{
    private static readonly Lazy<IReadOnlyList<string>> s_hardened = new(() => new AuditedHost().Found());

    public static TheoryData<string> Ids => [.. RuleCases.All.Select(one => one.Id)];

    [Fact]
    public void Audit_HardenedHostAndContainer_FindsNothing()
    {
        var report = new AuditedHost().Audit();

        Assert.Empty(report.Subjects.SelectMany(subject => subject.Findings).Select(finding => $"{finding.Rule.Id}: {finding.Message}"));
        Assert.Empty(report.Subjects.SelectMany(subject => subject.Unchecked).Select(gap => $"{gap.RuleId}: {gap.Reason}"));
        Assert.DoesNotContain(report.Subjects[0].WaysOut, way => way.Verdict == Verdict.Open);
        Assert.Null(report.Worst);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_WeakConfiguration_IsCaughtAndNothingElse(string id)
    {
        var one = RuleCases.All.Single(known => known.Id == id);

        Assert.Equal([.. one.Also.Append(id).Order(StringComparer.Ordinal)], one.Weaken(new AuditedHost()).Found());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_MendedConfiguration_Passes(string id)
    {
        var one = RuleCases.All.Single(known => known.Id == id);

        Assert.DoesNotContain(id, one.Mend is { } mend ? mend(new AuditedHost()).Found() : s_hardened.Value);
    }

    [Fact]
    public void Catalog_ContainerAndHostRules_AllHaveACase() =>
        Assert.Empty(RuleCatalog.All.Where(rule => rule.Scope is RuleScope.Container or RuleScope.Host).Select(rule => rule.Info.Id).Except(RuleCases.All.Select(one => one.Id)));

    [Fact]
    public void Catalog_HasEveryRuleThatThereIs()
    {
        var written = typeof(AuditRule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(AuditRule)) && !type.IsAbstract).Select(type => type.Name);
        var listed = RuleCatalog.Container.Concat<AuditRule>(RuleCatalog.Host).Concat(RuleCatalog.Socket).Concat(RuleCatalog.WaysOut).Select(rule => rule.GetType().Name);

        Assert.Equal(written.Order(), listed.Order());
        Assert.Equal(RuleCatalog.All.Count(), RuleCatalog.All.Select(rule => rule.Info.Id).Distinct().Count());
    }

    [Fact]
    public void Catalog_EveryRule_SaysWhyAndWhatToDo() => Assert.All(RuleCatalog.All, rule =>
    {
        Assert.Matches("^VA[0-9]{3}$", rule.Info.Id);
        Assert.True(rule.Info.Reason.Length > 20 && rule.Info.Fix.Length > 5 && rule.Info.References.Count > 0, rule.Info.Id);
    });
}
