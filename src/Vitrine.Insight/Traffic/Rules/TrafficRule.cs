using System.Text.Json;

namespace Vitrine.Insight.Traffic.Rules;

/// <summary>Answers questions about what the engine has, over a connection of its own.</summary>
public interface IEngineQuestions
{
    /// <summary>What GET on a path answers: null where the engine knows no such thing.</summary>
    Task<JsonElement?> GetAsync(string version, params string[] segments);
}

/// <summary>A rule that refuses calls: what makes a socket one to give away.</summary>
public abstract class TrafficRule
{
    /// <summary>The option that asks for it.</summary>
    public abstract string Option { get; }

    /// <summary>Whether it can judge calls of podman's own API, /libpod/..., which podman's service has beside docker's.</summary>
    public virtual bool KnowsLibpod => false;

    /// <summary>Judges a call, and may narrow it: parameters and path may be set.</summary>
    /// <returns>Why it is refused, or null.</returns>
    public abstract Task<string?> RefusalAsync(EngineCall call, TrafficBody body, IEngineQuestions engine);

    /// <summary>A check without questions.</summary>
    protected static Task<string?> Answer(string? refusal) => Task.FromResult(refusal);
}
