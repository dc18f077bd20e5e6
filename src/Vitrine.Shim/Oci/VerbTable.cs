using Vitrine.Shim.Oci.CommandLine;
using Vitrine.Shim.Oci.Verbs;

namespace Vitrine.Shim.Oci;

/// <summary>The verbs; only the one that is asked for is made.</summary>
internal static class VerbTable
{
    public static IReadOnlyList<Verb> All =>
    [
        RefusedVerbs.Checkpoint, CreateVerb.Create, LifecycleVerbs.Delete, EventsVerb.Events, ExecVerb.Exec, FeaturesVerb.Features, LifecycleVerbs.Kill,
        QueryVerbs.List, LifecycleVerbs.Pause, PsVerb.Ps, RefusedVerbs.Restore, LifecycleVerbs.Resume, CreateVerb.Run, SpecVerb.Spec,
        LifecycleVerbs.Start, QueryVerbs.State, UpdateVerb.Update,
    ];

    public static Verb? Find(string name) => name switch
    {
        "checkpoint" => RefusedVerbs.Checkpoint,
        "create" => CreateVerb.Create,
        "delete" => LifecycleVerbs.Delete,
        "events" => EventsVerb.Events,
        "exec" => ExecVerb.Exec,
        "features" => FeaturesVerb.Features,
        "kill" => LifecycleVerbs.Kill,
        "list" => QueryVerbs.List,
        "pause" => LifecycleVerbs.Pause,
        "ps" => PsVerb.Ps,
        "restore" => RefusedVerbs.Restore,
        "resume" => LifecycleVerbs.Resume,
        "run" => CreateVerb.Run,
        "spec" => SpecVerb.Spec,
        "start" => LifecycleVerbs.Start,
        "state" => QueryVerbs.State,
        "update" => UpdateVerb.Update,
        _ => null,
    };
}
