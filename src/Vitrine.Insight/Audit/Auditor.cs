using Vitrine.Insight.Host;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Audit;

/// <summary>
/// Judges containers of any engine, the host and engines' sockets by the rules of <see cref="RuleCatalog"/>. It only looks: at
/// /proc, cgroupfs and files, and asks sockets that are named to it for their version.
/// </summary>
public sealed class Auditor(AuditOptions? options = null)
{
    private const int ContainersBetweenCollections = 32;

    private readonly AuditOptions options = options ?? new AuditOptions();

    /// <summary>Audits what is asked for.</summary>
    /// <param name="world">The host as it was seen, whose containers are meant.</param>
    /// <param name="request">What to audit.</param>
    /// <exception cref="VitrineException">NotFound: the only container asked for is gone, or there is no such socket; Invalid: it is none.</exception>
    public AuditReport Audit(HostContainers world, AuditRequest request)
    {
        var view = new HostView(new ProcFs(options.HostRoot + "/proc"), options.HostRoot);
        var host = new HostFacts(view, world.Snapshot, options);
        var subjects = new List<AuditedSubject>();
        foreach (var container in Containers(world, request, view, host))
        {
            using (container.Files)
                subjects.Add(Judge(container));
            // An explanation is garbage once it is judged; by itself the collector lets as much gather as the processor's cache holds.
            if (subjects.Count % ContainersBetweenCollections == 0)
                GC.Collect(0);
        }

        if (request.Host)
            subjects.Add(JudgeHost(host));
        foreach (var address in request.Sockets)
            subjects.Add(Judge(SocketFacts.Look(address, host)));
        return new AuditReport { Subjects = subjects, Missing = world.Missing };
    }

    private IEnumerable<ContainerSubject> Containers(HostContainers world, AuditRequest request, HostView view, HostFacts host)
    {
        var ports = new Lazy<IReadOnlyList<PublishedPort>>(options.Explain?.PublishedPorts ?? new ExplainOptions().PublishedPorts);
        var explainer = new Explainer((options.Explain ?? new ExplainOptions { HostRoot = options.HostRoot, NetworkPairs = _ => [] }) with
        {
            View = view,
            OnlySettings = true,
            PublishedPorts = () => ports.Value,
        });
        var setuid = new SetuidFiles(options.HostRoot, options.FileBudget);
        foreach (var target in request.Containers)
        {
            ContainerExplanation explanation;
            try
            {
                explanation = explainer.Explain(target with { Host = world.Snapshot });
            }
            catch (VitrineException e) when (e.Kind == ErrorKind.NotFound && request.Containers.Count > 1)
            {
                continue; // It ended while the others were looked at.
            }

            var files = options.Files?.Invoke(target.Pid) ?? new ContainerFiles(view.Proc.Root, target.Pid);
            var settings = EngineSettingsReader.Find(target.Hints, explanation.Target.Id, options.HostRoot);
            yield return new ContainerSubject(explanation, host, settings, setuid, files)
            {
                Runtime = target.Hints?.Runtime,
                ImageCreated = target.Hints?.ImageCreated,
                Now = options.Time.GetUtcNow(),
            };
        }
    }

    private AuditedSubject Judge(ContainerSubject container)
    {
        var report = new RuleReport(container.Name);
        Apply(RuleCatalog.Container, report, rule => rule.Check(container, report));
        return Subject(RuleScope.Container, container.Name, report) with
        {
            Target = container.Explanation.Target,
            WaysOut = [.. RuleCatalog.WaysOut.Where(way => options.Wants(way.Info)).Select(way => way.Judge(container, options.Whole))],
        };
    }

    private AuditedSubject JudgeHost(HostFacts host)
    {
        var report = new RuleReport("host");
        Apply(RuleCatalog.Host, report, rule => rule.Check(host, report));
        return Subject(RuleScope.Host, "host", report);
    }

    private AuditedSubject Judge(SocketFacts socket)
    {
        var report = new RuleReport(socket.Address);
        Apply(RuleCatalog.Socket, report, rule => rule.Check(socket, report));
        return Subject(RuleScope.Socket, socket.Address, report);
    }

    private void Apply<T>(IReadOnlyList<T> rules, RuleReport report, Action<T> check)
        where T : AuditRule
    {
        foreach (var rule in rules)
        {
            if (!options.Wants(rule.Info))
                continue;
            report.Begin(rule.Info);
            check(rule);
        }
    }

    private AuditedSubject Subject(RuleScope scope, string name, RuleReport report) => new()
    {
        Scope = scope,
        Name = name,
        Findings = [.. report.Findings.Where(finding => finding.Severity >= options.Least)],
        Unchecked = report.Unchecked,
    };
}
