using Vitrine.Insight;
using Xunit;

namespace Vitrine.Tests.Unit.Insight;

public sealed class ExplainerTests
{
    [Fact]
    public void Explain_Container_FindsEveryProcessByNamespaceAndSupervisor()
    {
        using var host = SampleContainer.Host();

        var processes = host.Explain(SampleContainer.Pid).Processes;

        Assert.Equal([4711, 4720, 4800], processes.Processes.Select(process => process.Pid));
        Assert.Equal([1, 7, 12], processes.Processes.Select(process => process.ContainerPid));
        Assert.Equal([0u, 101u, 0u], processes.Processes.Select(process => process.ContainerUid!.Value));
        Assert.Equal(("vitrine-shim", 4700, "vitrine"), (processes.Supervisor!.Command, processes.Supervisor.Pid, processes.Supervisor.Engine));
        Assert.Contains(processes.Facts, fact => fact is { Name: "joined", Value: "1" });
    }

    [Fact]
    public void Explain_WorkerPid_LeadsToTheContainersFirstProcess()
    {
        using var host = SampleContainer.Host();

        var explanation = host.Explain(4720);

        Assert.Equal((4720, 4711), (explanation.Target.Pid, explanation.Target.FirstPid));
        Assert.Equal(4711, explanation.Processes.Processes[0].Pid);
        Assert.Equal(SampleContainer.Id, explanation.Target.Id);
        Assert.Equal("vitrine", explanation.Target.Engine);
    }

    [Fact]
    public void Explain_NestedContainer_BelongsToTheOuterOneByCgroupOrDescent()
    {
        using var host = SampleContainer.Host();
        var inner = new Dictionary<string, ulong> { ["pid"] = 99, ["mnt"] = 98 };
        host.Add(new FakeProcess { Pid = 4900, Parent = 4711, NamespacePids = [4900, 20, 1], Namespaces = inner, Cgroup = $"0::/vitrine/{SampleContainer.Id}/inner\n" });
        host.Add(new FakeProcess { Pid = 4901, Parent = 4900, NamespacePids = [4901, 21, 2], Namespaces = inner, Cgroup = "0::/elsewhere\n" });

        var found = host.Explain(SampleContainer.Pid).Processes.Processes.ToDictionary(process => process.Pid);

        Assert.Equal(Membership.Cgroup, found[4900].FoundBy);
        Assert.Equal(Membership.Descendant, found[4901].FoundBy);
        Assert.Equal([4900, 4901], host.Explain(4900).Processes.Processes.Select(process => process.Pid));
    }

    [Fact]
    public void Explain_SharedPidNamespaceOfHost_FindsProcessesByCgroup()
    {
        using var host = new FakeHost();
        var cgroup = $"0::/docker/{SampleContainer.Id}\n";
        host.Add(new FakeProcess { Pid = 50, Command = "containerd-shim" });
        host.Add(new FakeProcess { Pid = 51, Parent = 50, Cgroup = cgroup, Namespaces = new() { ["mnt"] = 7 } });
        host.Add(new FakeProcess { Pid = 52, Parent = 51, Cgroup = cgroup, Namespaces = new() { ["mnt"] = 7 } });
        host.Add(new FakeProcess { Pid = 53 });

        var explanation = host.Explain(52);

        Assert.Equal([51, 52], explanation.Processes.Processes.Select(process => process.Pid));
        Assert.Equal(("docker", SampleContainer.Id, 51), (explanation.Target.Engine, explanation.Target.Id, explanation.Target.FirstPid));
        Assert.Contains(explanation.AllWarnings(), warning => warning.Id == "namespaces.pid-host");
    }

    [Fact]
    public void Explain_BareUnshareInASession_DoesNotTakeTheSessionsProcesses()
    {
        using var host = new FakeHost();
        const string session = "0::/user.slice/session-1.scope\n";
        host.Add(new FakeProcess { Pid = 60, Command = "bash", Cgroup = session });
        host.Add(new FakeProcess { Pid = 61, Parent = 60, Command = "unshare", Cgroup = session, Namespaces = new() { ["uts"] = 9 } });
        host.Add(new FakeProcess { Pid = 62, Parent = 61, Cgroup = session, NamespacePids = [62, 1], Namespaces = new() { ["uts"] = 9, ["pid"] = 8 } });

        var explanation = host.Explain(62);

        Assert.Equal(62, Assert.Single(explanation.Processes.Processes).Pid);
        Assert.Null(explanation.Target.Engine);
        Assert.Equal("unshare", explanation.Processes.Supervisor!.Command);
        Assert.Equal(NamespaceScope.Isolated, explanation.Namespaces.Namespaces.Single(fact => fact.Kind == "uts").Scope);
    }

    [Fact]
    public void Explain_NetworkJoinedByAnother_IsSharedWithIt()
    {
        using var host = SampleContainer.Host();
        var other = new string('a', 64);
        host.Add(new FakeProcess { Pid = 5000, Command = "sidecar", Cgroup = $"0::/docker/{other}\n", Namespaces = new() { ["net"] = 4026532503 } });

        var net = host.Explain(SampleContainer.Pid).Namespaces.Namespaces.Single(fact => fact.Kind == "net");

        Assert.Equal(NamespaceScope.Shared, net.Scope);
        Assert.Equal(new NamespacePeer { Pid = 5000, Command = "sidecar", ContainerId = other }, Assert.Single(net.SharedWith));
    }

    [Fact]
    public void Explain_OrdinaryProcess_IsNoContainerAndIsNotWarnedAbout()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 70 });

        var explanation = host.Explain(70);

        Assert.Equal(false, explanation.Target.IsContainer);
        Assert.Empty(explanation.AllWarnings());
        Assert.All(explanation.Namespaces.Namespaces, fact => Assert.Equal(NamespaceScope.Host, fact.Scope));
    }

    [Fact]
    public void Explain_NamespacesUnreadable_DoesNotClaimThatItIsNone()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 70 }).Add(new FakeProcess { Pid = 71, NamespacePids = [71, 1] });
        Directory.Delete($"{host.Root}/proc/70/ns", recursive: true);
        Directory.Delete($"{host.Root}/proc/71/ns", recursive: true);

        var unknown = host.Explain(70);

        Assert.Null(unknown.Target.IsContainer);
        Assert.All(unknown.Namespaces.Namespaces, fact => Assert.Equal(NamespaceScope.Unknown, fact.Scope));
        Assert.Contains(unknown.Namespaces.Facts, fact => fact is { Name: "own", Value: "not known" });
        Assert.Equal(true, host.Explain(71).Target.IsContainer);
    }

    [Fact]
    public void Explain_NoSuchProcess_SaysSo()
    {
        using var host = new FakeHost();

        var error = Assert.Throws<VitrineException>(() => host.Explain(12345));

        Assert.Equal((ErrorKind.NotFound, "No such process: 12345"), (error.Kind, error.Message));
    }

    [Fact]
    public void Explain_ZombieAndKernelThread_AreNamedForWhatTheyAre()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 80, State = 'Z' }).Add(new FakeProcess { Pid = 81, Parent = 2 });

        Assert.Contains("has ended", Assert.Throws<VitrineException>(() => host.Explain(80)).Message, StringComparison.Ordinal);
        Assert.Contains("thread of the kernel", Assert.Throws<VitrineException>(() => host.Explain(81)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_FilesThatVanishOrAreRefused_LeavesTheRest()
    {
        using var host = SampleContainer.Host();
        var process = $"{host.Root}/proc/{SampleContainer.Pid}";
        foreach (var file in (string[])["limits", "uid_map", "gid_map", "cmdline", "net/dev", "net/tcp"])
            File.Delete($"{process}/{file}");
        File.Delete($"{process}/environ");
        Directory.CreateDirectory($"{process}/environ"); // Reading a directory is refused with EISDIR, as a foreign process's file with EACCES.

        var explanation = host.Explain(SampleContainer.Pid);

        Assert.Empty(explanation.Limits.Limits);
        Assert.Equal("EISDIR: is a directory", explanation.Secrets.Facts.Single(fact => fact.Name == "environment").Error);
        Assert.Equal(3, explanation.Processes.Processes.Count);
        Assert.NotNull(explanation.Cgroups.Memory);
    }

    [Fact]
    public void Explain_UserNamespace_TellsWhoIsWhoOutside()
    {
        using var host = SampleContainer.Host();

        var mapping = host.Explain(SampleContainer.Pid).UserMapping;

        Assert.True(mapping.IsMapped);
        Assert.Equal(new IdMapRow { Inside = 0, Outside = 100000, Count = 65536 }, Assert.Single(mapping.Users));
        Assert.Equal("uid 0 inside, uid 100000 on the host", mapping.Facts.Single(fact => fact.Name == "user").Value);
    }

    [Fact]
    public void Explain_Capabilities_AreComparedWithDockers()
    {
        using var host = SampleContainer.Host();
        host.Add(new FakeProcess { Pid = 90, Namespaces = new() { ["pid"] = 5 }, Capabilities = FakeHost.AllCapabilities });
        host.Add(new FakeProcess { Pid = 91, Namespaces = new() { ["pid"] = 6 }, Capabilities = FakeHost.DockerCapabilities | (1ul << 21) });

        var web = host.Explain(SampleContainer.Pid).Capabilities;
        var privileged = host.Explain(90).Capabilities;
        var admin = host.Explain(91).Capabilities;

        Assert.Equal((13, "CAP_NET_RAW", false), (web.Effective.Count, Assert.Single(web.Missing), web.All));
        Assert.Empty(web.Added);
        Assert.True(privileged.All);
        Assert.Equal("capabilities.all", Assert.Single(privileged.Warnings).Id);
        Assert.Equal("CAP_SYS_ADMIN", Assert.Single(admin.Added).Name);
        Assert.Equal((Severity.Critical, "capabilities.sys_admin"), (admin.Warnings[0].Severity, admin.Warnings[0].Id));
    }

    [Fact]
    public void Explain_SeccompWithSpec_GroupsWhatIsRefused()
    {
        using var host = SampleContainer.Host();

        var seccomp = host.Explain(SampleContainer.Pid, SampleContainer.HintsWithSpec(host)).Seccomp;

        Assert.Equal((SeccompMode.Filter, 1), (seccomp.Mode, seccomp.Filters));
        Assert.True(seccomp.BlockedCount > 300);
        var groups = seccomp.Groups.ToDictionary(group => group.Purpose);
        Assert.Contains("mount", groups["mount"].Blocked);
        Assert.Empty(groups["mount"].Allowed);
        Assert.Equal(["clone"], groups["namespaces"].Conditional);
        Assert.Equal(["ptrace", "kcmp"], groups["ptrace"].Allowed);
    }

    [Fact]
    public void Explain_PodmansSpec_IsFoundByTheCgroupsId()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 30, Cgroup = $"0::/machine.slice/libpod-{SampleContainer.Id}.scope\n", Seccomp = 2, Namespaces = new() { ["mnt"] = 5 } });
        host.File($"/run/containers/storage/overlay-containers/{SampleContainer.Id}/userdata/config.json",
            """{"ociVersion":"1.2.0","linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mount"],"action":"SCMP_ACT_ERRNO"}]}}}""");

        var seccomp = host.Explain(30).Seccomp;

        Assert.Equal(1, seccomp.BlockedCount);
        Assert.Equal(["mount"], seccomp.Groups.Single(group => group.Purpose == "mount").Blocked);
    }

    [Fact]
    public void Explain_SeccompWithoutSpec_SaysThatTheRulesAreNotKnown()
    {
        using var host = SampleContainer.Host();

        var seccomp = host.Explain(SampleContainer.Pid).Seccomp;

        Assert.Null(seccomp.BlockedCount);
        Assert.Contains(seccomp.Facts, fact => fact is { Name: "rules", Value: "not known" });
    }

    [Fact]
    public void Explain_Network_ListsListenersWithTheirProcess()
    {
        using var host = SampleContainer.Host();

        var network = host.Explain(SampleContainer.Pid).Network;

        Assert.Equal(["lo", "eth0"], network.Interfaces.Select(device => device.Name));
        Assert.Equal(["127.0.0.1", "192.168.3.2", "fe80::fc:ff:fe00:1/64"], network.Addresses);
        Assert.Equal(("192.168.3.1", 1), (network.DefaultGateway, network.EstablishedConnections));
        Assert.Equal(
            [("tcp", "0.0.0.0", 80, 4711), ("tcp6", "::1", 8080, null)],
            network.Listeners.Select(listener => (listener.Protocol, listener.Address, listener.Port, listener.Pid)));
    }

    [Fact]
    public void Explain_SpecThatIsNoJson_IsIgnored()
    {
        using var host = SampleContainer.Host();
        host.File("/broken.json", "{");

        Assert.Equal(SeccompMode.Filter, host.Explain(SampleContainer.Pid, new ContainerHints { SpecPath = $"{host.Root}/broken.json" }).Seccomp.Mode);
    }

    /// <summary>nginx writes its title over its arguments and, where those are too short, over its environment.</summary>
    [Fact]
    public void Secrets_WrittenOverByTheProcess_AreFoundAsItWasStarted()
    {
        using var host = new FakeHost();
        host.Add(new FakeProcess { Pid = 30, Namespaces = new() { ["pid"] = 5, ["mnt"] = 6 }, NamespacePids = [30, 1], Arguments = ["nginx: master"], Environment = [" off;", "KEPT=1"] });
        host.File("/bundle/config.json", """{"ociVersion":"1.0.2","process":{"args":["nginx","--password","sesame-open"],"env":["KEPT=1","DB_PASSWORD=hunter2"],"cwd":"/"},"root":{"path":"x"}}""");
        var hints = new ContainerHints { SpecPath = $"{host.Root}/bundle/config.json", Engine = "docker" };

        var secrets = host.Explain(30, hints).Secrets;

        Assert.Equal(["", "KEPT", "DB_PASSWORD"], secrets.Environment.Select(variable => variable.Name));
        Assert.Equal([null, null, hints.SpecPath], secrets.Environment.Select(variable => variable.Source));
        Assert.Equal([(SecretPlace.Environment, hints.SpecPath), (SecretPlace.Arguments, hints.SpecPath)], secrets.Findings.Select(finding => (finding.Place, finding.Source)));
        Assert.DoesNotContain(secrets.Findings.SelectMany(finding => finding.LeaksAt), leak => leak.Contains("/proc/30/", StringComparison.Ordinal) || leak.Contains("ps:", StringComparison.Ordinal));
    }
}
