namespace Vitrine.Insight.Traffic;

/// <summary>A request and its response.</summary>
/// <param name="Number">Counted over all connections, from 1.</param>
/// <param name="Connection">Which connection, counted from 1.</param>
/// <param name="Client">Who called.</param>
/// <param name="Began">When its head had come.</param>
public sealed record Exchange(long Number, long Connection, TrafficClient Client, DateTimeOffset Began)
{
    public required HttpHead Request { get; init; }

    /// <summary>What is called; null where the target cannot be taken apart.</summary>
    public EngineCall? Call { get; init; }

    public HttpHead? Response { get; set; }

    /// <summary>The rule that refused it, as an option, and why.</summary>
    public (string Rule, string Reason)? Refused { get; set; }

    /// <summary>From the request's head to the end of the response.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Bytes of the request's body and of what followed a change of protocol.</summary>
    public long Sent { get; set; }

    /// <summary>The same of the response.</summary>
    public long Received { get; set; }

    /// <summary>Why it did not end as it should; null otherwise.</summary>
    public string? Broken { get; set; }
}

/// <summary>The process at the other end of a connection; zero and empty where the kernel does not tell.</summary>
/// <param name="Pid">As seen in this pid namespace.</param>
/// <param name="Uid">Its user.</param>
/// <param name="Name">Its command's name, when it connected.</param>
public sealed record TrafficClient(int Pid, uint Uid, string Name);

/// <summary>Gets what is seen. Calls for one exchange come in order; those of several exchanges may come at once.</summary>
public interface ITrafficSink
{
    /// <summary>A request's head has come.</summary>
    void Asked(Exchange exchange);

    /// <summary>A part of a body, or of a stream, with secrets hidden.</summary>
    /// <param name="exchange">Whose.</param>
    /// <param name="isAnswer">Whether it goes to the client.</param>
    /// <param name="text">Complete: a JSON document, a line, or words on bytes that are not shown.</param>
    void Said(Exchange exchange, bool isAnswer, string text);

    /// <summary>The response's head has come.</summary>
    void Answered(Exchange exchange);

    /// <summary>It is over.</summary>
    void Ended(Exchange exchange);
}
