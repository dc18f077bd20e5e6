using Vitrine.Insight;
using Vitrine.Insight.Audit.Known;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Audit;

public sealed class KnownFlawTests
{
    [Theory]
    [InlineData("6.1.0-18-amd64", "Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)", "6.1.76", "Debian", false)]
    [InlineData("5.15.0-91-generic", "Linux version 5.15.0-91-generic (buildd@lcy02) (gcc) #101-Ubuntu SMP", "5.15.0", "Ubuntu", true)]
    [InlineData("5.14.0-362.8.1.el9_3.x86_64", "Linux version 5.14.0-362.8.1.el9_3.x86_64 (mockbuild@x)", "5.14.0", "Red Hat", true)]
    [InlineData("6.18.44-fc-v657", "Linux version 6.18.44-fc-v657 (builder@x)", "6.18.44", null, false)]
    [InlineData("6.8", "", "6.8.0", null, false)]
    public void KernelVersion_OfDistributions_IsTheOneThatFixesAreOf(string release, string banner, string number, string? distribution, bool hides)
    {
        var kernel = KernelVersion.Parse(release, banner)!;

        Assert.Equal((number, distribution, hides), (kernel.Number.ToString(), kernel.Distribution, kernel.HidesFixes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("next")]
    public void KernelVersion_NoNumber_IsNull(string release) => Assert.Null(KernelVersion.Parse(release, null));

    [Theory]
    [InlineData("CVE-2022-0847", "5.7.19", false)]
    [InlineData("CVE-2022-0847", "5.8.0", true)]
    [InlineData("CVE-2022-0847", "5.10.101", true)]
    [InlineData("CVE-2022-0847", "5.10.102", false)]
    [InlineData("CVE-2022-0847", "5.13.19", true)] // A branch that nobody repaired.
    [InlineData("CVE-2022-0847", "5.17.0", false)]
    [InlineData("CVE-2024-1086", "6.6.14", true)]
    [InlineData("CVE-2024-1086", "6.6.15", false)]
    [InlineData("CVE-2024-1086", "6.18.0", false)]
    [InlineData("CVE-2024-1086", "4.19.306", true)]
    [InlineData("CVE-2024-1086", "4.19.307", false)]
    [InlineData("CVE-2024-1086", "4.14.336", true)] // Its last version.
    [InlineData("CVE-2021-41073", "5.4.300", false)]
    [InlineData("CVE-2021-41073", "5.10.67", true)]
    [InlineData("CVE-2021-41073", "5.10.68", false)]
    [InlineData("CVE-2022-25636", "4.19.200", false)]
    [InlineData("CVE-2022-25636", "5.4.181", true)]
    [InlineData("CVE-2022-25636", "5.4.182", false)]
    [InlineData("CVE-2022-29582", "5.15.33", true)]
    [InlineData("CVE-2022-29582", "5.15.34", false)]
    [InlineData("CVE-2022-32250", "4.14.282", true)]
    [InlineData("CVE-2022-32250", "4.14.283", false)]
    [InlineData("CVE-2022-34918", "5.4.200", false)]
    [InlineData("CVE-2022-34918", "5.15.53", true)]
    [InlineData("CVE-2022-34918", "5.15.54", false)]
    [InlineData("CVE-2023-0179", "6.1.6", true)]
    [InlineData("CVE-2023-0179", "6.1.7", false)]
    [InlineData("CVE-2026-31431", "4.9.337", false)]
    [InlineData("CVE-2026-31431", "5.4.302", true)] // A branch that had ended.
    [InlineData("CVE-2026-31431", "6.12.84", true)]
    [InlineData("CVE-2026-31431", "6.12.85", false)]
    [InlineData("CVE-2026-31431", "7.0.0", false)]
    [InlineData("CVE-2026-43284", "6.1.171", true)]
    [InlineData("CVE-2026-43284", "6.1.172", false)]
    [InlineData("CVE-2026-43284", "7.0.4", true)]
    [InlineData("CVE-2026-43284", "7.1.0", false)]
    public void KernelFlaw_ByBranch_IsWhereItWasNotRepaired(string cve, string version, bool isIn) =>
        Assert.Equal(isIn, KernelFlaws.All.Single(flaw => flaw.Cve == cve).IsIn(Version.Parse(version)));

    [Theory]
    [InlineData("CVE-2024-21626", "1.1.11", true)]
    [InlineData("CVE-2024-21626", "1.1.12", false)]
    [InlineData("CVE-2024-21626", "1.0.0-rc92", false)]
    [InlineData("CVE-2024-21626", "v1.0.0-rc93", true)]
    [InlineData("CVE-2019-5736", "1.0.0~rc6+dfsg1-3", true)]
    [InlineData("CVE-2019-5736", "1.0-rc7", false)]
    [InlineData("CVE-2025-31133", "1.3.2", true)]
    [InlineData("CVE-2025-31133", "1.4.0", false)]
    [InlineData("CVE-2020-15257", "1.6.20~ds1-1+deb12u3", false)]
    [InlineData("CVE-2024-41110", "5:25.0.3-1~debian.12~bookworm", true)]
    [InlineData("CVE-2024-41110", "5:27.1.1-1~debian.12~bookworm", false)]
    [InlineData("CVE-2024-41110", "25.0.6", false)]
    [InlineData("CVE-2024-41110", "18.09.1", false)]
    [InlineData("CVE-2024-23651", "24.0.9", true)]
    [InlineData("CVE-2026-53488", "1.6.20", false)]
    [InlineData("CVE-2025-24965", "1.19.1", true)]
    [InlineData("CVE-2025-24965", "1.20", false)]
    [InlineData("CVE-2024-23652", "24.0.9", true)]
    [InlineData("CVE-2024-23653", "25.0.2", false)]
    [InlineData("CVE-2024-0132", "1.16.1-1", true)]
    [InlineData("CVE-2024-0132", "1.16.2-1", false)]
    [InlineData("CVE-2025-23266", "1.17.7", true)]
    [InlineData("CVE-2025-23266", "1.17.8", false)]
    [InlineData("CVE-2026-53488", "2.1.8", true)]
    [InlineData("CVE-2026-53488", "2.1.9", false)]
    public void SoftwareFlaw_OfPackagesAndPrograms_IsJudgedByTheirNumber(string cve, string version, bool isIn) =>
        Assert.Equal(isIn, SoftwareFlaws.All.Single(flaw => flaw.Cve == cve).IsIn(SoftwareVersion.Parse(version)!));

    [Fact]
    public void Tables_EveryFlaw_CanBeRead()
    {
        Assert.All(SoftwareFlaws.All, flaw => Assert.All(flaw.Fixed.Append(flaw.Introduced ?? "1.0"), text => Assert.NotNull(SoftwareVersion.Parse(text))));
        Assert.All(KernelFlaws.All, flaw => Assert.All(flaw.Fixed.Append(flaw.Introduced ?? "1.0"), text => Assert.NotNull(KernelVersion.Leading(text))));
        Assert.Distinct(KernelFlaws.All.Select(flaw => flaw.Cve).Concat(SoftwareFlaws.All.Select(flaw => flaw.Cve)));
    }

    [Fact]
    public void Runtime_PackageOfADistribution_IsBelievedByItsChangeLog()
    {
        var host = new AuditedHost().WithFile("/usr/bin/runc", "")
            .WithFile("/var/lib/dpkg/status", "Package: runc-doc\nStatus: install ok installed\nVersion: 0.1\n\nPackage: runc\nStatus: install ok installed\nVersion: 1.1.5+ds1-1+deb12u1\n\n");

        Assert.Equal([Severity.Low], SeveritiesOf("CVE-2024-21626", host)); // No change log: it may be repaired.
        Assert.Equal([Severity.Critical], SeveritiesOf("CVE-2024-21626", host.WithChangelog("runc")));
        Assert.Empty(SeveritiesOf("CVE-2024-21626", host.WithChangelog("runc", "runc (1.1.5+ds1-1+deb12u1)\n  * Fix CVE-2024-21626.\n")));
    }

    private static IEnumerable<Severity> SeveritiesOf(string cve, AuditedHost host) =>
        host.Audit().Subjects[1].Findings.Where(finding => finding.Message.StartsWith(cve, StringComparison.Ordinal)).Select(finding => finding.Severity);
}
