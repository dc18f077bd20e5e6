namespace Vitrine.Insight.Audit;

/// <summary>What an engine was asked for when the container was created, as far as audit rules want to know.</summary>
public sealed record EngineSettings
{
    /// <summary>The file it was read from.</summary>
    public required string Source { get; init; }

    public string? LogDriver { get; init; }

    /// <summary>As --log-opt max-size has it; null where it was not given.</summary>
    public string? LogMaxSize { get; init; }

    /// <summary>no, always, unless-stopped or on-failure.</summary>
    public string? RestartPolicy { get; init; }

    /// <summary>Null where no file tells.</summary>
    public bool? HasHealthCheck { get; init; }

    /// <summary>The image's reference as the user gave it.</summary>
    public string? Image { get; init; }

    /// <summary>Digest of the image's configuration.</summary>
    public string? ImageId { get; init; }

    public IReadOnlyList<PortBinding> Ports { get; init; } = [];
}

/// <summary>A published port.</summary>
/// <param name="Port">Inside: <c>80/tcp</c>.</param>
/// <param name="HostAddress">Empty for all addresses.</param>
/// <param name="HostPort">Empty where the engine chose it.</param>
public sealed record PortBinding(string Port, string HostAddress, string HostPort);
