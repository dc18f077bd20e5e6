using System.Text;
using System.Text.Json;
using Vitrine.Glass.Audit;
using Vitrine.Glass.Explain;
using Vitrine.Insight;
using Vitrine.Insight.Audit;
using Vitrine.Insight.Json;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Audit;

public sealed class ReportTests
{
    private static readonly string[] s_planted = ["hunter22-in-clear", "AKIAIOSFODNN7EXAMPLE", "tr0ub4dor-and-3", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLWl0"];

    private static AuditedHost Weak => new AuditedHost().AsRoot(Capability.CAP_SYS_ADMIN, Capability.CAP_NET_RAW).WithMounts("513 500 254:0 / /host rw - ext4 /dev/vda rw\n") with
    {
        HostConfig = """{"PortBindings":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}]}}""",
    };

    [Fact]
    public void Findings_AreOrderedByWhatTheyLetAnAttackerDo()
    {
        var findings = Weak.Audit().Subjects[0].Findings;

        Assert.Equal(findings.OrderByDescending(finding => finding.Gain).ThenByDescending(finding => finding.Severity), findings);
        Assert.Equal(Gain.HostRoot, findings[0].Gain);
        Assert.All(findings, finding => Assert.NotEmpty(finding.Evidence));
    }

    [Fact]
    public void Options_RuleIgnoreAndSeverity_SelectFindings()
    {
        var only = Weak.Audit(new AuditOptions { Rules = ["va010"] });
        var without = Weak.Audit(new AuditOptions { Ignored = ["VA010"] });
        var severe = Weak.Audit(new AuditOptions { Least = Severity.High });

        Assert.Equal("VA010", Assert.Single(only.Subjects.SelectMany(subject => subject.Findings)).Rule.Id);
        Assert.Empty(only.Subjects[0].WaysOut);
        Assert.DoesNotContain(without.Subjects[0].Findings, finding => finding.Rule.Id == "VA010");
        Assert.Contains(without.Subjects[0].Findings, finding => finding.Rule.Id == "VA061");
        Assert.All(severe.Subjects[0].Findings, finding => Assert.True(finding.Severity >= Severity.High));
        Assert.Equal(Severity.Critical, severe.Worst);
    }

    [Fact]
    public void Secrets_Planted_AreInNoFormOfTheReport()
    {
        var host = new AuditedHost();
        host = host with
        {
            Process = host.Process with
            {
                Environment = [$"DB_PASSWORD={s_planted[0]}", $"AWS_ACCESS_KEY_ID={s_planted[1]}", $"URL=https://app:{s_planted[2]}@db/x"],
                Arguments = ["serve", $"--token={s_planted[3]}", "-c", $"curl -H 'Authorization: Bearer {s_planted[3]}' https://u:{s_planted[2]}@x"],
            },
        };

        var report = host.Audit();

        Assert.Contains(report.Subjects[0].Findings, finding => finding.Rule.Id == "VA090");
        Assert.Contains(report.Subjects[0].Findings, finding => finding.Rule.Id == "VA091");
        foreach (var text in (string[])[Json(report), Sarif(report), Text(report, paths: true)])
            Assert.All(s_planted, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Text_HostileNames_AreNeutralised()
    {
        var host = new AuditedHost().WithMounts("513 500 254:0 /etc/\\033]0;owned\\007 /x\\033[2J rw - ext4 /dev/vda rw\n");

        var text = Text(host.Audit(), paths: true);

        Assert.Contains("VA062", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u0007', text);
    }

    [Fact]
    public void Text_ShowsGroupsEvidenceFixAndWaysOut()
    {
        var text = Text(Weak.Audit(), paths: false);
        var paths = Text(Weak.Audit(new AuditOptions { Whole = true }), paths: true);

        Assert.Contains("── web (docker, pid 4711) ─", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("  Root on the host\n", StringComparison.Ordinal) < text.IndexOf("  Information\n", StringComparison.Ordinal));
        Assert.Contains("[VA061]", text, StringComparison.Ordinal);
        Assert.Contains("instead: mount only the directory that is needed", text, StringComparison.Ordinal);
        Assert.Contains("  open       Files of the host that it executes", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1. write a cron job", text, StringComparison.Ordinal);
        Assert.Contains("1. write a cron job", paths, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_HasFindingsWaysAndWhatWasNotChecked()
    {
        using var json = JsonDocument.Parse(Json(Weak.Audit()));
        var web = json.RootElement.GetProperty("subjects")[0];

        Assert.Equal(1, json.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Equal("critical", json.RootElement.GetProperty("worst").GetString());
        Assert.Equal(("container", "web"), (web.GetProperty("scope").GetString(), web.GetProperty("name").GetString()));
        Assert.Equal("hostRoot", web.GetProperty("findings")[0].GetProperty("gain").GetString());
        Assert.Equal(RuleCatalog.WaysOut.Count, web.GetProperty("waysOut").GetArrayLength());
        Assert.Contains(web.GetProperty("waysOut").EnumerateArray(), way => way.GetProperty("verdict").GetString() == "open");
    }

    [Fact]
    public void Sarif_HasWhatTheSchemaRequires()
    {
        using var json = JsonDocument.Parse(Sarif(Weak.Audit()));
        var run = json.RootElement.GetProperty("runs")[0];
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules");

        Assert.Equal("2.1.0", json.RootElement.GetProperty("version").GetString());
        Assert.Equal("vitrine audit", run.GetProperty("tool").GetProperty("driver").GetProperty("name").GetString());
        Assert.NotEqual(0, run.GetProperty("results").GetArrayLength());
        Assert.All(run.GetProperty("results").EnumerateArray(), result =>
        {
            Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
            Assert.Contains(result.GetProperty("level").GetString(), (string[])["error", "warning", "note"]);
            Assert.NotEmpty(result.GetProperty("message").GetProperty("text").GetString()!);
            foreach (var location in result.GetProperty("locations").EnumerateArray())
            {
                if (location.TryGetProperty("physicalLocation", out var place))
                    Assert.True(Uri.IsWellFormedUriString(place.GetProperty("artifactLocation").GetProperty("uri").GetString(), UriKind.Absolute));
            }
        });
    }

    private static string Json(AuditReport report) => Encoding.UTF8.GetString(AuditJson.Serialize(report, showsSteps: true));

    private static string Sarif(AuditReport report) => Encoding.UTF8.GetString(SarifLog.Serialize(report, "1.0"));

    private static string Text(AuditReport report, bool paths)
    {
        using var output = new StringWriter { NewLine = "\n" };
        AuditWriter.Write(output, report, new ExplainStyle(), paths);
        return output.ToString();
    }
}
