namespace Vitrine.ShimProtocol.Events;

/// <summary>Something that happened, in Docker's words (GET /events).</summary>
public sealed record EventEntry
{
    /// <summary>container, image, volume, network, builder or daemon.</summary>
    public required string Type { get; init; }

    /// <summary>create, start, die, "health_status: healthy", "exec_create: COMMAND" ...</summary>
    public required string Action { get; init; }

    /// <summary>The id of what it happened to; the name of a volume.</summary>
    public required string Id { get; init; }

    /// <summary>More about it: of a container its image, name and labels, and what the action adds, such as exitCode.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public long TimeNano { get; init; }
}
