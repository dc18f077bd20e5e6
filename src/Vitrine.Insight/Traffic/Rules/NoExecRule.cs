namespace Vitrine.Insight.Traffic.Rules;

/// <summary>Nothing that starts a process in a container that is there, or types into one.</summary>
public sealed class NoExecRule : TrafficRule
{
    public override string Option => "--no-exec";

    public override Task<string?> RefusalAsync(EngineCall call, TrafficBody body, IEngineQuestions engine) =>
        Answer(call.Segments is ["exec", ..] && !call.OnlyReads || call.Is("POST", "containers", "*", "exec") ? "it runs a command in a container"
            : call.Segments is ["containers", _, "attach", ..] ? "it types into a container"
            : null);
}
