using Vitrine.Shim.Oci.CommandLine;
using Vitrine.Shim.Oci.Verbs;

namespace Vitrine.Shim.Oci;

/// <summary>The verbs; only the one that is asked for is made.</summary>
internal static class VerbTable
{
    public static IReadOnlyList<Verb> All =>
    [
        CreateVerb.Create, LifecycleVerbs.Delete, ExecVerb.Exec, LifecycleVerbs.Kill, QueryVerbs.List, LifecycleVerbs.Pause, PsVerb.Ps,
        LifecycleVerbs.Resume, CreateVerb.Run, LifecycleVerbs.Start, QueryVerbs.State,
    ];

    public static Verb? Find(string name) => name switch
    {
        "create" => CreateVerb.Create,
        "delete" => LifecycleVerbs.Delete,
        "exec" => ExecVerb.Exec,
        "kill" => LifecycleVerbs.Kill,
        "list" => QueryVerbs.List,
        "pause" => LifecycleVerbs.Pause,
        "ps" => PsVerb.Ps,
        "resume" => LifecycleVerbs.Resume,
        "run" => CreateVerb.Run,
        "start" => LifecycleVerbs.Start,
        "state" => QueryVerbs.State,
        _ => null,
    };
}
