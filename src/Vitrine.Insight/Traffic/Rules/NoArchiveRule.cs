namespace Vitrine.Insight.Traffic.Rules;

/// <summary>No files into or out of containers and images.</summary>
public sealed class NoArchiveRule : TrafficRule
{
    public override string Option => "--no-archive";

    public override Task<string?> RefusalAsync(EngineCall call, TrafficBody body, IEngineQuestions engine) =>
        Answer(call.Segments is ["containers", _, "archive" or "export" or "copy"] ? "it takes files out of a container or puts them in"
            : call.Segments is ["images", "get" or "load"] || call.IsOfImage("GET", "get") ? "it takes an image's files out or puts them in"
            : call.Is("POST", "commit") ? "it makes an image of a container's files"
            : null);
}
