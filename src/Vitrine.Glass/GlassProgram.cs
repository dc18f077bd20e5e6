using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Glass.Audit;
using Vitrine.Glass.Caps;
using Vitrine.Glass.Cgroups;
using Vitrine.Glass.Debugging;
using Vitrine.Glass.Explain;
using Vitrine.Glass.Fs;
using Vitrine.Glass.Labs;
using Vitrine.Glass.Namespaces;
using Vitrine.Glass.Ps;
using Vitrine.Glass.Spy;
using Vitrine.Glass.Lsm;
using Vitrine.Glass.Seccomp;

namespace Vitrine.Glass;

/// <summary><c>vitrine-glass</c>: what a container really is on this host. Needs no engine and no store; vitrine becomes it for its verbs.</summary>
internal sealed class GlassProgram : CommandProgram
{
    /// <summary>The verbs that vitrine hands over, each with what it does; a verb is made only when it is the one invoked.</summary>
    public static CommandSet Set { get; } = new(
        [new("container", "Manage containers"), .. GlassCommands.Groups],
        [
            .. GlassCommands.All.Select(command => command with { Program = null, Create = Maker(command.Forms[^1]) }),
            new("Answer a shell that completes a command line", () => new CompleteVerb(), "__complete") { IsHidden = true },
            new("Be the first process of a lab's sandbox", () => new LabInitVerb(), LabInitVerb.Name) { IsHidden = true },
        ]);

    protected override CommandSet Commands => Set;

    protected override string Unknown(string form) => $"unknown command: {GlassCommands.Program} {form}";

    protected override Task<int> RunAsync(VerbGrammar verb, Invocation call) =>
        ((GlassVerb)verb).RunAsync(new CommandContext(call.Globals, call.Screen) { Form = call.Form, CommandLine = call.CommandLine }, call.Arguments);

    private static Func<VerbGrammar> Maker(string name) => name switch
    {
        "explain" => () => new ExplainVerb(),
        "audit" => () => new AuditVerb(),
        "host ps" => () => new HostPsVerb(),
        "caps decode" => () => new CapsDecodeVerb(),
        "caps show" => () => new CapsShowVerb(),
        "caps diff" => () => new CapsDiffVerb(),
        "cgroup list" => () => new CgroupLsVerb(),
        "cgroup create" => () => new CgroupCreateVerb(),
        "cgroup get" => () => new CgroupGetVerb(),
        "cgroup set" => () => new CgroupSetVerb(),
        "cgroup exec" => () => new CgroupExecVerb(),
        "cgroup classify" => () => new CgroupClassifyVerb(),
        "cgroup rm" => () => new CgroupRmVerb(),
        "cgroup top" => () => new CgroupTopVerb(),
        "debug" => () => new DebugVerb(),
        "ns list" => () => new NsLsVerb(),
        "ns show" => () => new NsShowVerb(),
        "ns run" => () => new NsRunVerb(),
        "ns enter" => () => new NsEnterVerb(),
        "fs ls" => () => new FsLsVerb(),
        "fs cat" => () => new FsCatVerb(),
        "fs cp" => () => new FsCpVerb(),
        "fs edit" => () => new FsEditVerb(),
        "fs find" => () => new FsFindVerb(),
        "fs diff" => () => new FsDiffVerb(),
        "spy" => () => new SpyVerb(),
        "seccomp show" => () => new SeccompShowVerb(),
        "seccomp test" => () => new SeccompTestVerb(),
        "seccomp generate" => () => new SeccompGenerateVerb(),
        "lab list" => () => new LabLsVerb(),
        "lab show" => () => new LabShowVerb(),
        "lab run" => () => new LabRunVerb(),
        "lsm show" => () => new LsmShowVerb(),
        _ => throw new InvalidOperationException($"nothing does '{name}'"),
    };
}
