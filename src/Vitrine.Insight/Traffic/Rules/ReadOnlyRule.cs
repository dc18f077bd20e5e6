namespace Vitrine.Insight.Traffic.Rules;

/// <summary>Only calls that change nothing.</summary>
public sealed class ReadOnlyRule : TrafficRule
{
    public override string Option => "--read-only";

    public override bool KnowsLibpod => true;

    public override Task<string?> RefusalAsync(EngineCall call, TrafficBody body, IEngineQuestions engine) =>
        Answer(call.OnlyReads ? null : "it may change something");
}
